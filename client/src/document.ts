/** The text of an operation, which knows the types of its variables and of its result. urql takes it as it is; for Apollo, `parse` it. */
export type Document<Result, Variables> = string & {
  readonly __apiType?: (variables: Variables) => Result;
};
