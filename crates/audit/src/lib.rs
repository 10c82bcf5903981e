//! AWS's own record against these rules: CloudTrail's log, judged event by event.
//!
//! [`read_trail`] takes the log as S3 keeps it or as `aws cloudtrail lookup-events` prints it, and
//! [`audit`] asks an [`AliasTable`](kms_alias::AliasTable) of every event what the rules say, holds it
//! against what AWS did, and lets the table follow what AWS did. The [`Report`] has the events on
//! which the two differ, what could not be judged and why, and for each [`Choice`] that no public
//! source settles whether the log confirms or contradicts it.

extern crate alloc;

mod answer;
mod choice;
mod compare;
mod event;
mod finding;
mod judge;
mod known;
mod learn;
mod not_judged;
mod order;
mod question;
mod record;
mod replay;
mod report;
mod stake;
mod trail;

pub use answer::AwsError;
pub use choice::Choice;
pub use event::Event;
pub use finding::{Difference, Finding};
pub use known::Coverage;
pub use not_judged::NotJudged;
pub use replay::audit;
pub use report::{Evidence, Report};
pub use trail::{Trail, read_trail};
