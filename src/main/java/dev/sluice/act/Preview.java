package dev.sluice.act;

/** Whether what an act would do can be looked at first. */
enum Preview {
    /** It cannot. */
    NONE,
    /** It can. */
    MAY,
    /** It has to: what is done is what was looked at. */
    MUST
}
