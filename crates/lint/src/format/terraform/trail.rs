//! How far references are followed: an expression may name others, and these others again.

use std::cell::Cell;

/// How long a chain of references is followed.
const LONGEST: usize = 16;

/// How many expressions are looked at for one value; locals of many references each would stand for
/// more than a machine can hold.
const MOST_STEPS: usize = 1 << 16;

/// How many steps more a module has for each of its expressions: what merges tags in each resource
/// leaves enough for the loops.
const STEPS_AN_EXPRESSION: usize = 4;

/// As many bytes of a text count as one step.
const BYTES_A_STEP: usize = 16;

/// What one value may still cost.
pub(super) struct Budget(Cell<usize>);

impl Budget {
    pub(super) const fn new() -> Self {
        Self(Cell::new(MOST_STEPS))
    }

    /// That of a module of so many expressions, a few steps for each of them more.
    pub(super) const fn of_module(size: usize) -> Self {
        let own = size.saturating_mul(STEPS_AN_EXPRESSION);
        Self(Cell::new(MOST_STEPS.saturating_add(own)))
    }

    /// Takes so many steps, if so many are left.
    fn take(&self, steps: usize) -> bool {
        let left = self.0.get().checked_sub(steps);
        self.0.set(left.unwrap_or_default());
        left.is_some()
    }
}

/// A place on the way: how many references more are followed, out of what budget.
#[derive(Clone, Copy)]
pub(super) struct Trail<'b> {
    left: usize,
    budget: &'b Budget,
}

impl<'b> Trail<'b> {
    pub(super) const fn new(budget: &'b Budget) -> Self {
        Self {
            left: LONGEST,
            budget,
        }
    }

    /// The place one reference further on; none where it is too far.
    pub(super) fn further(self) -> Option<Self> {
        let left = self.left.checked_sub(1)?;
        self.can_take(1).then_some(Self { left, ..self })
    }

    /// Whether one more expression of the same place is looked at.
    pub(super) fn can_take(self, steps: usize) -> bool {
        self.budget.take(steps)
    }

    /// Whether so long a text is put together.
    pub(super) fn can_hold(self, text: &str) -> bool {
        self.can_take(text.len() / BYTES_A_STEP)
    }
}
