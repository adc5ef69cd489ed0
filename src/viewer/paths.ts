/** The absolute path in a file of what a group calls `name` (which may itself be absolute). */
export function joinPath(group: string, name: string): string {
  if (name.startsWith('/')) {
    return name;
  }
  return group === '/' ? `/${name}` : `${group}/${name}`;
}

/** The group that holds an object. */
export function parentPath(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}
