/** All that a listing yields, and whether it says that this is all there is. */
export async function listAll(listing: AsyncGenerator<string, boolean>): Promise<{ ids: string[]; complete: boolean }> {
  const ids: string[] = [];
  let next = await listing.next();
  while (!next.done) {
    ids.push(next.value);
    next = await listing.next();
  }
  return { ids, complete: next.value };
}
