import { type Handle, type NativeValue, native } from './native.js';
import { type TypedArray, typedArray, type Value } from './value.js';

/** Converts a value from the addon: the bytes of numbers become a typed array. */
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
   * @param maxItems limit for the number of items; an attribute of a damaged file may claim so many that
   * reading them takes minutes. Default: no limit
   * @throws Hdf5Error if the attribute does not exist, or h5lib can't read its type; RangeError if the attribute
   * has more than `maxItems` items
   */
  get(name: string, maxItems?: number): Value {
    return fromNative(native.readAttribute(this.#handle, name, maxItems));
  }

  /** Creates the attribute, or replaces it. */
  set(name: string, value: Value): void {
    native.writeAttribute(this.#handle, name, value.dtype, value.shape, value.data);
  }

  delete(name: string): void {
    native.deleteAttribute(this.#handle, name);
  }
}

/** The base class of groups and datasets; an instance of this class itself is a named data type. */
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

  /** Equal for all paths of a file that lead to the same object, and different for different objects. */
  get identity(): bigint {
    return native.objectIdentity(this.handle);
  }

  /** A second call does nothing. */
  close(): void {
    this.handle.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** The only item of a scalar value. @throws TypeError for an array */
export function scalar(value: Value): number | bigint | string | boolean {
  const item = (value.data as TypedArray | readonly string[])[0];
  if (value.shape.length > 0 || item === undefined)
    throw new TypeError(
      `Expected a scalar but received an array of shape [${value.shape.join(', ')}]`,
    );
  return value.dtype === 'bool' ? item === 1 : item;
}
