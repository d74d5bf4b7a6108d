/** Where `softap cloud` serves its HTTP API on the own machine unless told otherwise. */
export const defaultCloudUrl = "http://127.0.0.1:8080";
