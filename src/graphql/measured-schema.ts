import {
  defaultFieldResolver,
  getNamedType,
  isLeafType,
  isObjectType,
  type GraphQLField,
  type GraphQLSchema,
} from 'graphql';
import type { AnswerSize } from './answer-size.ts';
import type { Context } from './context.ts';

/**
 * Wraps every resolver of the schema, so that it adds its value to `context.size` if there is one.
 */
export function measureAnswers(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap()))
    if (isObjectType(type) && !type.name.startsWith('__'))
      for (const field of Object.values(type.getFields())) measureField(field);
  return schema;
}

function measureField(field: GraphQLField<unknown, Context>): void {
  if (field.extensions.unmeasured === true) return;
  const resolve = field.resolve ?? defaultFieldResolver;
  const count = isLeafType(getNamedType(field.type)) ? countLeaf : countNothing;
  field.resolve = (source, args, context, info) => {
    const { size } = context;
    if (!size) return resolve(source, args, context, info);
    size.check();
    const value: unknown = resolve(source, args, context, info);
    if (!(value instanceof Promise)) return count(size, info.fieldName, value);
    return value.then((resolved) => count(size, info.fieldName, resolved));
  };
}

const countNothing = (_size: AnswerSize, _name: string, value: unknown) => value;

function countLeaf(size: AnswerSize, name: string, value: unknown): unknown {
  // 4: quotes, colon and comma.
  size.add(name.length + 4 + bytesOf(value));
  return value;
}

/**
 * The approximate size of a value in JSON. Dates and numbers are short; objects are JSON scalars.
 */
function bytesOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + 3 + bytesOf(one), 2);
  if (typeof value !== 'object' || value === null || value instanceof Date) return 24;
  return Buffer.byteLength(JSON.stringify(value));
}
