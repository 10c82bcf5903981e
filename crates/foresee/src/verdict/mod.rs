//! Verdicts on changes to accounts that are known in part, over every order that a run allows.
//!
//! A [`Run`] is what is about to happen: a list of changes in one order, or the steps of a plan in
//! an order of which only a part is fixed. A [`Knowledge`] is what is known of one account and
//! Region. A *completion* is one way in which the unknown can be: which keys exist, what they are,
//! what a value that is known after apply will be. The verdict on a step is
//!
//! - [`Outcome::Ok`] if the step succeeds in every completion and every order that the run allows,
//! - [`Outcome::Refused`] if it is refused in all of them,
//! - [`Outcome::Undecided`] if two of them differ: it says what the outcome depends on.
//!
//! A refused step changes nothing, and the steps after it are judged all the same. A step after an
//! undecided one is judged over what both outcomes leave.

mod after;
mod alike;
mod anonymous;
mod apart;
mod bound;
mod case;
mod cell;
mod closed;
mod description;
mod engine;
mod explore;
mod facts;
mod facts_alone;
mod findings;
mod gather;
mod given_up;
mod happening;
mod identity;
mod judge;
mod kind;
mod knowledge;
mod ledger;
mod making;
mod name_form;
mod needs;
mod open;
mod order;
mod outcome;
mod overdue;
mod place;
mod replica;
mod report;
mod request;
mod run;
mod set;
mod settle;
mod shared;
mod stand_in_name;
mod strand;
mod swap;
mod task;
mod typing;
mod words;
mod world;

pub use after::Open;
pub use bound::Bound;
pub use facts::KeyFacts;
pub use happening::Happening;
pub use judge::{Judgement, Judging, judge};
pub(crate) use kind::example_of;
pub(crate) use knowledge::facts_told;
pub use knowledge::{AliasList, KeyList, Knowledge};
pub use name_form::{CharacterSet, NameForm};
pub use outcome::{Answer, Conclusion, Fact, Need, Outcome, Possible};
pub use place::Place;
pub use request::{KeyReference, NameReference, Request, UnknownKey, UnknownName};
pub use run::{Note, Order, Run, RunStep};
pub use stand_in_name::{STAND_IN_NAME, stand_in_part};
pub use typing::STAND_IN;
pub use words::name_shown;
