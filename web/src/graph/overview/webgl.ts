let known: boolean | undefined;

/** Whether this browser draws with WebGL 2, as sigma does. Asked once: contexts are few. */
export function hasWebGL(): boolean {
  if (known === undefined) {
    const context = document.createElement('canvas').getContext('webgl2');
    known = context !== null;
    context?.getExtension('WEBGL_lose_context')?.loseContext();
  }
  return known;
}
