/**
 * The text of an operation, with the types of its variables and of its result. urql takes it as it
 * is; for Apollo Client, `parse` it.
 */
export type Document<Result, Variables> = string & {
  readonly __apiType?: (variables: Variables) => Result;
};
