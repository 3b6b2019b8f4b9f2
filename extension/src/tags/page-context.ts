// What content scripts are started with, in the place of the build tool's own: that one tells each page of itself by an event that has the
// extension's id in its name, and ends when a page sends the same event.
/** Ends when the extension does; whoever needs to know asks the browser (connection.ts). */
export class ContentScriptContext {
  readonly isPage = true;
}
