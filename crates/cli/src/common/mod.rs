//! What the verbs share: files in and out, the terminal, exit codes, and words to people.

mod account;
mod exit;
mod input;
mod io_words;
pub mod machine;
mod output;
mod printable;
mod replace;
mod say;
mod terminal;
mod time;
mod undecided;
mod unpack;

pub use account::{
    AccountOptions, PlaceOptions, Reserved, one_account, warn_of_undescribed, warn_of_what_stands,
};
pub use exit::{Exit, Unusable};
pub use input::{Input, read_all};
pub use io_words::cannot_read;
pub use machine::Format;
pub use output::Output;
pub use printable::printable;
pub use replace::replace;
pub use say::{fail, note, warn};
pub use terminal::{Palette, indented, item, width};
pub use time::{cloud_trail_time, parse_time, system_time};
pub use undecided::{INDENT, needs_words, print_answer, print_undecided};
