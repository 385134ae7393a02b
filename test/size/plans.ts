import { open, type FileHandle } from 'node:fs/promises';

/** The work of one statement, as PostgreSQL reports it. */
export interface ExecutedPlan {
  readonly text: string;
  /** The pages that it read, in the cache or not. */
  readonly buffers: number;
  /** The tables that it read from one end to the other. */
  readonly scanned: readonly string[];
  /** The indexes that it read. */
  readonly indexes: readonly string[];
}

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly Plans?: readonly PlanNode[];
}

/** The settings of a server that reports the plan of every statement in its log. */
export const reportingSettings = {
  session_preload_libraries: 'auto_explain',
  'auto_explain.log_min_duration': -1,
  'auto_explain.log_analyze': 'on',
  'auto_explain.log_buffers': 'on',
  'auto_explain.log_timing': 'off',
  'auto_explain.log_nested_statements': 'on',
  'auto_explain.log_format': 'json',
  log_line_prefix: '',
  log_min_error_statement: 'panic',
};

/** Reads what a server with these settings has reported since the last call. */
export async function followPlans(log: string): Promise<() => Promise<ExecutedPlan[]>> {
  const file = await open(log);
  let position = (await file.stat()).size;
  return async () => {
    const text = await readFrom(file, position);
    position += Buffer.byteLength(text);
    return [...text.matchAll(/^LOG: {2}duration: [\d.]+ ms {2}plan:\n((?:\t.*\n)+)/gm)].map(
      ([, json]) => executedPlan(JSON.parse(json!.replaceAll(/^\t/gm, ''))),
    );
  };
}

const endOfReport = '\n\t}\n';

async function readFrom(file: FileHandle, position: number): Promise<string> {
  const { size } = await file.stat();
  const { buffer } = await file.read(Buffer.alloc(size - position), 0, size - position, position);
  const text = buffer.toString();
  // A report that is being written is left for the next call.
  return text.slice(0, text.lastIndexOf(endOfReport) + endOfReport.length);
}

function executedPlan(report: { 'Query Text': string; Plan: PlanNode }): ExecutedPlan {
  const { Plan: root } = report;
  const nodes = nodesOf(root);
  return {
    text: report['Query Text'],
    buffers: root['Shared Hit Blocks'] + root['Shared Read Blocks'],
    scanned: nodes
      .filter((node) => node['Node Type'] === 'Seq Scan')
      .map((node) => node['Relation Name']!),
    indexes: nodes.flatMap((node) => node['Index Name'] ?? []),
  };
}

const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];
