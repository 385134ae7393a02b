import { readdirSync, readFileSync } from 'node:fs';

const ticksPerSecond = 100;

/** The fields of /proc/<pid>/stat after the name of the process; undefined if it has ended. */
function statOf(pid: string): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

const parent = 1;
/** User and system time, of the process and of its ended children. */
const ownTimes = [11, 12];
const endedTimes = [13, 14];

const sumOf = (fields: readonly string[], indexes: readonly number[]): number =>
  indexes.reduce((sum, index) => sum + Number(fields[index]), 0);

/**
 * The CPU time of the PostgreSQL to which this process belongs: all of its processes, also those
 * that have ended. It does not depend on the load of the machine.
 */
export function postgresCpuMs(backendPid: number): number {
  const postmaster = statOf(String(backendPid))![parent]!;
  const stats = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const fields = statOf(pid);
      return fields ? [{ pid, fields }] : [];
    });
  const ticks = stats.reduce((sum, { pid, fields }) => {
    if (pid === postmaster) return sum + sumOf(fields, [...ownTimes, ...endedTimes]);
    return fields[parent] === postmaster ? sum + sumOf(fields, ownTimes) : sum;
  }, 0);
  return (ticks * 1000) / ticksPerSecond;
}
