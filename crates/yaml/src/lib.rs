//! YAML as AWS CloudFormation takes it, over the events of a parser that keeps to YAML 1.2.
//!
//! - [`read`] has a text read with deeper lines where its brackets and quotes close at the depth of
//!   the block around them.
//! - [`intrinsic`] is the intrinsic function that a tag is short for.
//! - [`duplicate_key`] is what is wrong with a key that a map of a template has twice.
//!
//! ```
//! use kms_alias_yaml::{Stop, read};
//! use saphyr_parser::{Event, Parser};
//!
//! let template = "Tags: [\n  orders,\n]\nKey: !Ref Key\n";
//! let texts = read(template, |text| -> Result<Vec<String>, Stop<String>> {
//!     let mut texts = Vec::new();
//!     for event in Parser::new_from_str(text.as_str()) {
//!         let stop = |error| Stop::of(&error, text, error.to_string());
//!         if let (Event::Scalar(value, ..), _) = event.map_err(stop)? {
//!             texts.push(value.into_owned());
//!         }
//!     }
//!     Ok(texts)
//! });
//! assert_eq!(texts.unwrap(), ["Tags", "orders", "Key", "Key"]);
//! ```

mod deepen;
mod duplicate;

pub use deepen::{Deepened, Stop, read};
pub use duplicate::duplicate_key;

use saphyr_parser::Tag;

/// The intrinsic function of CloudFormation that a tag is short for: `!Sub` is `Fn::Sub`, `!Ref` is `Ref`.
///
/// ```
/// use saphyr_parser::Tag;
///
/// let tag = Tag { handle: "!".to_owned(), suffix: "GetAtt".to_owned() };
/// assert_eq!(kms_alias_yaml::intrinsic(&tag).as_deref(), Some("Fn::GetAtt"));
/// ```
#[must_use]
pub fn intrinsic(tag: &Tag) -> Option<String> {
    if tag.handle != "!" || tag.suffix.is_empty() {
        return None;
    }
    Some(match tag.suffix.as_str() {
        whole @ ("Ref" | "Condition") => whole.to_owned(),
        short => format!("Fn::{short}"),
    })
}
