import { writeFile } from 'node:fs/promises';
import { printedFiles } from './printed.ts';

// npm run print: writes the files that are generated from the code.
for (const [path, content] of Object.entries(await printedFiles())) {
  await writeFile(path, content);
  console.log(`Wrote ${path}`);
}
