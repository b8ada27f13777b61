// running .ts as it stands, with everything that the code uses
const OLDEST = 24;

/** Ends the process with one sentence when its Node is too old to run the gateway. */
export function assertNode(): void {
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= OLDEST) return;
  process.stderr.write(
    `This is Node ${process.versions.node}; the gateway needs ${OLDEST} or newer, which npm ci has put beside it: start with npm (npm start, npm run token).\n`,
  );
  process.exit(1);
}
