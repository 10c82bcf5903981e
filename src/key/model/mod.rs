//! What AWS publishes of KMS's operations: the service model and the key-state table.
//!
//! For those who speak KMS's protocol or explain its answers; to ask a table, none of this is needed.
//! [`KmsOperation::in_state`](crate::KmsOperation::in_state) gives a [`KeyStateCell`] of the table, and
//! a [`Footnote`] is what refuses (rule S8). [`KmsOperation::members`](crate::KmsOperation::members)
//! gives the members of a request, and [`Violations`] tells in KMS's words what a request breaks of
//! them (rule K7):
//!
//! ```
//! use kms_alias::model::{Bound, Bounds, Constraint, EnumValues, Given, Member, Of, Path};
//! use kms_alias::model::{Pattern, Presence, Shape, TextShape, Violations};
//! use kms_alias::{KmsOperation, Rule};
//!
//! let members: &[Member] = KmsOperation::ListAliases.members();
//! let limit = members.iter().find(|member| member.name == "Limit").unwrap();
//! assert_eq!(limit.presence, Presence::Optional);
//! let mut violations = Violations::default();
//! violations.check(&Path::Member(None, limit.name), limit, Given::Integer(101));
//! assert_eq!(violations.rule(), Rule::L2);
//! let violation = violations.iter().next().unwrap();
//! assert_eq!((&*violation.path, violation.shown.as_deref()), ("limit", Some("'101'")));
//! assert_eq!((violation.constraint, violation.of), (Constraint::Value(Bound::AtMost(100)), Of::Member));
//! assert_eq!(
//!     violations.to_string(),
//!     "1 validation error detected: Value '101' at 'limit' failed to satisfy constraint: Member must \
//!      have value less than or equal to 100",
//! );
//!
//! // A type says what a value breaks: bounds of numbers, of lengths in characters, and patterns.
//! let days = Bounds::new(7, 30); // rule S4
//! assert_eq!((days.broken_by(30), days.broken_by_count(6)), (None, Some(Bound::AtLeast(7))));
//! let fits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
//! let digits = TextShape::new(1, 3).of(Pattern { words: "[0-9]+", fits });
//! let broken: Vec<_> = digits.broken_by("four").collect();
//! assert_eq!(broken, [Constraint::Length(Bound::AtMost(3)), Constraint::Pattern("[0-9]+")]);
//!
//! // The service does not list exactly what it accepts.
//! let names = EnumValues::new(&["RAW", "DIGEST"]).telling(&["RAW"]);
//! let broken: Vec<_> = Shape::OneOf(names).broken_by(Given::Text("raw")).collect();
//! assert_eq!(broken[0].to_string(), "Member must satisfy enum value set: [RAW]");
//! ```

mod constraint;
pub(in crate::key) mod member_types;
mod shape;
mod violation;

pub use super::key_state_table::{Footnote, KeyStateCell};
pub use constraint::{Bound, Bounds, Constraint, Pattern, TextShape};
pub(crate) use member_types::{ALIASES_PER_PAGE_UNLESS_ASKED, KEYS_PER_PAGE_UNLESS_ASKED};
pub use shape::{EnumValues, Given, Member, Presence, Shape};
pub use violation::{Of, Path, Violation, Violations};
