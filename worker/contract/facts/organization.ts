/** By this header a page says for which organization it asks: its session may have another one open by now. */
export const organizationHeader = 'x-leat-organization'
