//! What is about to happen: steps, and as much of their order as is fixed.

use kms_alias::{Rule, Timestamp};

use super::outcome::{Answer, Outcome, Possible};
use super::place::Place;
use super::request::Request;

/// Steps that are about to happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The steps.
    pub steps: Vec<RunStep>,
    /// How their order is fixed.
    pub order: Order,
    /// When they happen: all of them at this time.
    pub at: Timestamp,
}

/// How the order of steps is fixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Order {
    /// One after the other, as they are listed: a list of changes. [`RunStep::after`] is not read.
    Listed,
    /// Only as far as [`RunStep::after`] says: the steps of a plan.
    Partial,
}

/// One step of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunStep {
    /// What the step is called where it comes from: a Terraform address, a logical ID.
    pub address: Option<Box<str>>,
    /// Where it runs.
    pub place: Place,
    /// What it asks for.
    pub request: Request,
    /// The indexes of steps that certainly come before this one. What those come after need not be
    /// said again. An index that is out of range, and one that would close a circle, binds nothing.
    pub after: Vec<usize>,
    /// What else is to be said of the step if it is refused, such as that the tool hides KMS's answer.
    pub notes: Vec<Note>,
}

/// What else is to be said of a step that KMS refuses by certain rules.
///
/// ```
/// use kms_alias::Rule;
/// use kms_alias_foresee::verdict::{Answer, Note, Outcome};
///
/// let note = Note::new("the tool takes it as deleted", &[Rule::U1]);
/// let answer = |rule| Answer { rule, exception: "NotFoundException", message: "".into() };
/// assert!(note.fits(&Outcome::Refused { could_be: vec![answer(Rule::U1)] }));
/// assert!(!note.fits(&Outcome::Refused { could_be: vec![answer(Rule::A4)] }));
/// assert!(!note.fits(&Outcome::Ok));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What is to be said.
    pub words: Box<str>,
    /// The rules of the refusals that it is about.
    pub rules: &'static [Rule],
}

impl Note {
    /// What is to be said of a refusal by one of these rules.
    #[must_use]
    pub fn new(words: impl Into<Box<str>>, rules: &'static [Rule]) -> Self {
        Self {
            words: words.into(),
            rules,
        }
    }

    /// Whether it is about what may come out of the step.
    #[must_use]
    pub fn fits(&self, outcome: &Outcome) -> bool {
        let is_meant = |answer: &Answer| self.rules.contains(&answer.rule);
        match outcome {
            Outcome::Ok => false,
            Outcome::Refused { could_be } => could_be.iter().any(is_meant),
            Outcome::Undecided { could_be, .. } => could_be.iter().any(|possible| match possible {
                Possible::Ok => false,
                Possible::Refused(answer) => is_meant(answer),
            }),
        }
    }
}

impl RunStep {
    /// A step with nothing said of its order.
    #[must_use]
    pub fn new(place: impl Into<Place>, request: impl Into<Request>) -> Self {
        Self {
            address: None,
            place: place.into(),
            request: request.into(),
            after: Vec::new(),
            notes: Vec::new(),
        }
    }
}

impl Run {
    /// A list of changes, one after the other.
    #[must_use]
    pub const fn listed(steps: Vec<RunStep>, at: Timestamp) -> Self {
        let order = Order::Listed;
        Self { steps, order, at }
    }

    /// The steps of a plan, in any order that [`RunStep::after`] allows.
    #[must_use]
    pub const fn partial(steps: Vec<RunStep>, at: Timestamp) -> Self {
        let order = Order::Partial;
        Self { steps, order, at }
    }
}
