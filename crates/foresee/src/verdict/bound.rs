//! How many possibilities are looked at before a verdict says that there are too many.

/// How many possibilities are enumerated.
///
/// Verdicts are exact within the bound. Where it is reached the steps concerned are undecided,
/// with [`Need::BoundReached`](super::Need::BoundReached), and never guessed. Steps that share no
/// name, no key that is not described and no key near its quota are enumerated apart: they do not
/// multiply.
///
/// ```
/// use kms_alias_foresee::verdict::Bound;
///
/// let bound = Bound { worlds: 100, ..Bound::default() };
/// assert!(bound.work > bound.worlds as u64);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Bound {
    /// The most worlds that are followed at a time of facts that hang together: 20,000. A world is
    /// one way in which those aliases, keys and counts can stand, with the steps that are done.
    pub worlds: usize,
    /// The most work in a run, and in all cases of its unknown names together: 16 million, some
    /// seconds. A step that is held against a world costs as much as there are steps that contend
    /// with it, and facts that are copied for it. Steps that contend get no more than an eighth of
    /// it, so that the others are judged all the same.
    pub work: u64,
    /// The most values of unknown names, accounts and Regions that are tried: 1,000.
    pub cases: usize,
}

impl Default for Bound {
    fn default() -> Self {
        Self {
            worlds: 20_000,
            work: 16_000_000,
            cases: 1_000,
        }
    }
}
