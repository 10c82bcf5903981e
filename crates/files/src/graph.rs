//! Which steps depend on which, through resources that take no steps.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

/// The nearest resources that something depends on and that count; those behind them are left out.
///
/// Each look at a dependency is a visit; without visits left the search ends with what it has.
pub(crate) fn nearest(
    start: usize,
    dependencies: &[Vec<usize>],
    visits: &mut usize,
    counts: impl Fn(usize) -> bool,
) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let mut seen = BTreeSet::from([start]);
    let mut open = Vec::from([start]);
    while let Some(number) = open.pop() {
        for dependency in dependencies.get(number).into_iter().flatten() {
            *visits = visits.saturating_sub(1);
            if *visits == 0 {
                return found;
            }
            if !seen.insert(*dependency) {
                continue;
            }
            if counts(*dependency) {
                found.insert(*dependency);
            } else {
                open.push(*dependency);
            }
        }
    }
    found
}
