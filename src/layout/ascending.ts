/** Whether all numbers are whole, greater than `last`, less than `end`, and strictly ascending. */
export function isAscending(
  numbers: Float64Array,
  last = Number.NEGATIVE_INFINITY,
  end = Number.POSITIVE_INFINITY,
): boolean {
  let before = last;
  for (const number of numbers) {
    if (!(number > before && number < end && Number.isSafeInteger(number))) return false;
    before = number;
  }
  return true;
}
