/** What is used of js-aruco2, which brings no types. */
declare module "js-aruco2" {
  interface Dictionary {
    nBits: number;
    /** The least number of modules in which two of its codes differ. */
    tau: number;
    codeList: number[];
  }

  interface Options {
    dictionaryName: string;
    /** A code is taken for one of the dictionary's when fewer modules than this differ. */
    maxHammingDistance: number;
  }

  interface Detector {
    detectImage(width: number, height: number, rgba: Uint8ClampedArray): { id: number }[];
  }

  export const AR: { DICTIONARIES: Record<string, Dictionary>; Detector: new (options: Options) => Detector };
}
