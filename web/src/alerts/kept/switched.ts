/** Whether two are the same but for being on or off, which the list changes beside an open form. */
export const onlySwitched = <Draft extends { enabled: boolean }>(a: Draft, b: Draft): boolean =>
  JSON.stringify({ ...a, enabled: true }) === JSON.stringify({ ...b, enabled: true });
