import { type Handle, type NativeValue, native } from './native.js';
import { type TypedArray, typedArray, type Value } from './value.js';

/** A value as the addon gives it, with its bytes seen as numbers of its type. */
export function fromNative(value: NativeValue): Value {
  const { dtype, shape, data } = value;
  if (data instanceof Uint8Array && dtype !== 'string' && dtype !== 'reference')
    return { dtype, shape, data: typedArray(dtype, data) };
  return { dtype, shape, data: data as readonly string[] };
}

/** The attributes of a group or dataset. */
export class Attributes {
  readonly #handle: Handle;

  constructor(handle: Handle) {
    this.#handle = handle;
  }

  /** Names in alphabetical order. */
  names(): string[] {
    return native.attributeNames(this.#handle);
  }

  has(name: string): boolean {
    return native.hasAttribute(this.#handle, name);
  }

  /**
   * @param most items that it may have: a damaged file may name so many that they take minutes
   * @throws Hdf5Error where there is no such attribute, or its type is not one of h5lib's; RangeError
   * where it has more than `most` items
   */
  get(name: string, most?: number): Value {
    return fromNative(native.readAttribute(this.#handle, name, most));
  }

  /** Makes the attribute, or replaces it. */
  set(name: string, value: Value): void {
    native.writeAttribute(this.#handle, name, value.dtype, value.shape, value.data);
  }

  delete(name: string): void {
    native.deleteAttribute(this.#handle, name);
  }
}

/** What groups, datasets and named data types have in common; as itself, one of the last. */
export class HdfObject {
  /** @internal */
  readonly handle: Handle;
  /** Absolute path within the file. */
  readonly path: string;
  readonly attributes: Attributes;

  constructor(handle: Handle, path: string) {
    this.handle = handle;
    this.path = path;
    this.attributes = new Attributes(handle);
  }

  get isOpen(): boolean {
    return this.handle.isOpen();
  }

  /** The same for the same object of a file, by whatever path it was opened. */
  get identity(): bigint {
    return native.objectIdentity(this.handle);
  }

  /** Closing twice does nothing. */
  close(): void {
    this.handle.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** The only item of a scalar value. */
export function scalar(value: Value): number | bigint | string | boolean {
  const item = (value.data as TypedArray | readonly string[])[0];
  if (value.shape.length > 0 || item === undefined)
    throw new TypeError(`Expected a scalar but received an array of shape [${value.shape}]`);
  return value.dtype === 'bool' ? item === 1 : item;
}
