import { configOfNode, readConfig } from './config.ts';
import { readEnvironment } from './environment.ts';
import { StartError } from './errors.ts';
import { createLog } from './log.ts';
import { runNode } from './run-node.ts';
import { findSupervision } from './supervision.ts';
import { superviseNodes } from './supervisor.ts';

// Keeps files in the data directory private. The embedded database sets the modes of some files
// itself, so the directory is private too.
process.umask(0o077);
try {
  const config = readConfig(readEnvironment());
  const log = createLog(config.LOG_LEVEL);
  const supervision = findSupervision();
  if (supervision)
    await runNode(
      configOfNode(config, supervision.number),
      log.child({ node: supervision.number }),
      supervision,
    );
  else if (config.NODES > 1) await superviseNodes(config, log);
  else await runNode(config, log);
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  process.stderr.write(`${error.message}\n`);
  // The channel to a supervisor would keep the process running.
  process.exit(1);
}
