//! An event on which AWS and these rules differ.

use alloc::vec::Vec;
use core::fmt;

use super::choice::Choice;
use super::event::Event;
use crate::operation::Refusal;

/// How AWS and these rules differ on an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Difference {
    /// AWS refused what these rules allow.
    AwsRefuses,
    /// AWS did what these rules refuse.
    AwsAccepts,
    /// Both refuse, with different exceptions.
    Exception,
    /// Both refuse with the same exception, in different words.
    Words,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::AwsRefuses => "AWS refuses",
            Self::AwsAccepts => "AWS accepts",
            Self::Exception => "another exception",
            Self::Words => "other words",
        })
    }
}

/// An event on which AWS and these rules differ, with both sides.
#[derive(Clone, Debug)]
pub struct Finding<'a> {
    pub(super) event: &'a Event,
    pub(super) ours: Option<Refusal>,
    pub(super) difference: Difference,
    pub(super) choices: Vec<Choice>,
}

impl<'a> Finding<'a> {
    /// The event, which has AWS's side.
    #[must_use]
    pub const fn event(&self) -> &'a Event {
        self.event
    }

    /// What these rules say: the refusal, or none where they allow it.
    #[must_use]
    pub const fn ours(&self) -> Option<&Refusal> {
        self.ours.as_ref()
    }

    /// How the two differ.
    #[must_use]
    pub const fn difference(&self) -> Difference {
        self.difference
    }

    /// The choices of ours that it contradicts. If there are none, a rule that has a source does
    /// not hold, or account and log do not tell all.
    #[must_use]
    pub fn choices(&self) -> &[Choice] {
        &self.choices
    }
}
