/** Of the API, as every answer says it. The major number is the one in its address. */
export const apiVersion = '2.0'
