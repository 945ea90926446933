const places = new Map([
  ["output", "output"],
  ["run", "input"],
  ["label", "label"],
]);

/** `label amount`, `input price.net`: names within the path keep their dots. */
export function numberWords(path: string): string {
  const [root = ""] = path.split(".", 1);
  const place = places.get(root);
  if (place === undefined) return path;
  const name = path.slice(root.length + 1).replace(/\\([\\.])/g, "$1");
  return name === "" ? place : `${place} ${name}`;
}
