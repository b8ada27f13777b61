/** What came as JSON, or as rows of a statement written here: the code that reads it knows its shape. */
// biome-ignore lint/suspicious/noExplicitAny: a type for each of some forty shapes would only say again what the documents say
export type Json = any;
