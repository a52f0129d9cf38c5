declare module "virtual:pdf-assets" {
  /** Address of the folder with what pdf.js asks for by name; ends with a slash. */
  const address: string;
  export default address;
}
