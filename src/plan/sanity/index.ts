/**
 * A look at the data before they are written: what each series looks like, and warnings of what is hardly true, such as
 * a wrong type, gain or number of channels. It reads a small sample of each source, refuses nothing, and is silent
 * unless the data contradict their description.
 *
 *     const { series, warnings } = await examine(tree, parts, (node) => probes.get(node.data));
 */
export { type Examined, examine } from './examine.js';
