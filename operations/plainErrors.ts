/*
 * Imported before anything else by every command: a declaration that is refused while it is loaded is a user's mistake,
 * and is shown as its text alone.
 */
process.on("uncaughtException", (error) => {
  console.error(error.name === "ContractError" ? error.message : error);
  process.exit(1);
});
