/** The code with which a socket is closed whose admission has run out: open another, and be admitted as at first. */
export const admitAnew = 4001
