//! The slow path: where a text that is no identifier went wrong, and what could have stood there.
//!
//! Each form is a row of parts, and a text is followed along every row that its kind allows. The
//! row that follows it furthest knows the first byte that no valid text could have there.

use alloc::vec::Vec;

use super::invalid::ParseError;
use super::partition::REGION_PREFIXES;
use super::scan::is_alias_byte;

use crate::rule::Rule;

/// One piece of a form.
#[derive(Clone, Copy)]
enum Part {
    /// This text, exactly.
    Literal {
        text: &'static str,
        expected: &'static str,
        rule: Rule,
    },
    /// From `least` to `most` bytes of a class, of which the function counts those in front.
    Run {
        count: fn(&[u8]) -> usize,
        least: usize,
        most: usize,
        words: RunWords,
    },
}

/// What a run says of a byte outside its class, of an early end, and of one byte too many.
#[derive(Clone, Copy)]
struct RunWords {
    class: (&'static str, Rule),
    short: (&'static str, Rule),
    long: (&'static str, Rule),
}

/// Where one row stopped following the text.
struct Stop {
    position: usize,
    expected: &'static str,
    rule: Rule,
}

/// The forms that a text can be taken for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    AliasName,
    AwsAliasName,
    KeyId,
    KeyArn,
    AliasArn,
    Scope,
    Region,
    AccountId,
}

const fn literal(text: &'static str, expected: &'static str, rule: Rule) -> Part {
    Part::Literal {
        text,
        expected,
        rule,
    }
}

const fn run(
    count: fn(&[u8]) -> usize,
    least: usize,
    most: usize,
    expected: &'static str,
    rule: Rule,
) -> Part {
    let words = (expected, rule);
    Part::Run {
        count,
        least,
        most,
        words: RunWords {
            class: words,
            short: words,
            long: words,
        },
    }
}

const NAME_WORDS: RunWords = RunWords {
    class: ("a letter, a digit, `/`, `_` or `-`", Rule::A3),
    short: ("at least one character after the prefix", Rule::A2),
    long: ("at most 256 bytes", Rule::A2),
};

fn count(text: &[u8], class: impl Fn(u8) -> bool) -> usize {
    text.iter().take_while(|byte| class(**byte)).count()
}

fn name_bytes(text: &[u8]) -> usize {
    count(text, is_alias_byte)
}

fn hex_digits(text: &[u8]) -> usize {
    count(text, |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn digits(text: &[u8]) -> usize {
    count(text, |byte| byte.is_ascii_digit())
}

fn lower_case_letters(text: &[u8]) -> usize {
    count(text, |byte| byte.is_ascii_lowercase())
}

const ALIAS_NAME: &[Part] = &[
    literal("alias/", "`alias/` at the beginning of the name", Rule::A1),
    Part::Run {
        count: name_bytes,
        least: 1,
        most: 250,
        words: NAME_WORDS,
    },
];

const AWS_ALIAS_NAME: &[Part] = &[
    literal("alias/", "`alias/` at the beginning of the name", Rule::A1),
    literal("aws/", "`alias/aws/`", Rule::A8),
    Part::Run {
        count: name_bytes,
        least: 1,
        most: 246,
        words: NAME_WORDS,
    },
];

const UUID: &[Part] = &[
    run(hex_digits, 8, 8, "8 lower-case hex digits", Rule::K1),
    literal("-", "`-`", Rule::K1),
    run(hex_digits, 4, 4, "4 lower-case hex digits", Rule::K1),
    literal("-", "`-`", Rule::K1),
    run(hex_digits, 4, 4, "4 lower-case hex digits", Rule::K1),
    literal("-", "`-`", Rule::K1),
    run(hex_digits, 4, 4, "4 lower-case hex digits", Rule::K1),
    literal("-", "`-`", Rule::K1),
    run(hex_digits, 12, 12, "12 lower-case hex digits", Rule::K1),
];

const MULTI_REGION: &[Part] = &[
    literal("mrk-", "`mrk-`", Rule::K2),
    run(hex_digits, 32, 32, "32 lower-case hex digits", Rule::K2),
];

const PARTITION_WORDS: &str = "a partition, such as `aws`";
const REGION_WORDS: &str = "a Region, such as `us-east-1`";
const REGION_OF_ARN_WORDS: &str = "a Region of this partition, such as `us-east-1` in `aws`";

const ACCOUNT_ID: Part = run(digits, 12, 12, "an account of 12 digits", Rule::K3);

/// Shows the rows that make up a form.
fn each_row(form: Form, mut show: impl FnMut(&[Part])) {
    match form {
        Form::AliasName => show(ALIAS_NAME),
        Form::AwsAliasName => show(AWS_ALIAS_NAME),
        Form::KeyId => [UUID, MULTI_REGION].into_iter().for_each(show),
        Form::KeyArn => {
            let colon = [
                literal(":", "`:`", Rule::K3),
                literal("key/", "`key/`", Rule::K3),
            ];
            let ends = [[&colon, UUID].concat(), [&colon, MULTI_REGION].concat()];
            each_arn_row(&ends, show);
        }
        Form::AliasArn => {
            let colon = [literal(":", "`:`", Rule::K3)];
            each_arn_row(&[[&colon, ALIAS_NAME].concat()], show);
        }
        Form::Scope => each_arn_row(&[Vec::new()], show),
        Form::Region => REGION_PREFIXES
            .iter()
            .for_each(|(prefix, _)| show(&region(prefix, REGION_WORDS))),
        Form::AccountId => show(&[ACCOUNT_ID]),
    }
}

/// Rule K4: a Region with this beginning.
const fn region(prefix: &'static str, words: &'static str) -> [Part; 4] {
    [
        literal(prefix, words, Rule::K4),
        run(lower_case_letters, 1, 12, words, Rule::K4),
        literal("-", words, Rule::K4),
        run(digits, 1, 2, words, Rule::K4),
    ]
}

/// Shows the rows of an ARN with each of these ends, the colon before the resource included.
fn each_arn_row(ends: &[Vec<Part>], mut show: impl FnMut(&[Part])) {
    for (prefix, partition) in REGION_PREFIXES {
        let head = [
            literal("arn:", "`arn:`", Rule::K3),
            literal(partition.as_str(), PARTITION_WORDS, Rule::K4),
            // A text that goes on in place of this colon names no partition; at the next, no Region.
            literal(":", PARTITION_WORDS, Rule::K4),
            literal("kms:", "`kms:`", Rule::K3),
        ];
        let account = [literal(":", REGION_OF_ARN_WORDS, Rule::K4), ACCOUNT_ID];
        for end in ends {
            show(
                &[
                    &head[..],
                    &region(prefix, REGION_OF_ARN_WORDS),
                    &account,
                    end,
                ]
                .concat(),
            );
        }
    }
}

/// Where a row stops following the text.
fn follow(text: &[u8], row: &[Part]) -> Stop {
    let mut position = 0_usize;
    // What a run that could have gone on says of the byte that ended it.
    let mut open: Option<RunWords> = None;
    for part in row {
        let rest = text.get(position..).unwrap_or_default();
        match *part {
            Part::Literal {
                text: literal,
                expected,
                rule,
            } => {
                let same = rest
                    .iter()
                    .zip(literal.as_bytes())
                    .take_while(|(a, b)| a == b)
                    .count();
                position = position.saturating_add(same);
                if same < literal.len() {
                    return Stop {
                        position,
                        expected,
                        rule,
                    };
                }
                open = None;
            }
            Part::Run {
                count,
                least,
                most,
                words,
            } => {
                let count = count(rest.get(..most).unwrap_or(rest));
                position = position.saturating_add(count);
                if count < least {
                    let ended = position == text.len();
                    let (expected, rule) = if ended { words.short } else { words.class };
                    return Stop {
                        position,
                        expected,
                        rule,
                    };
                }
                open = Some(RunWords {
                    class: if count < most {
                        words.class
                    } else {
                        words.long
                    },
                    ..words
                });
            }
        }
    }
    let (expected, rule) = open.map_or(("the end", Rule::K3), |words| words.class);
    Stop {
        position,
        expected,
        rule,
    }
}

/// Why a text is of none of these forms.
///
/// The caller has found that it is of none; were it of one after all, the answer would be its end.
#[cold]
pub(super) fn diagnose(what: &'static str, text: &str, forms: &[Form]) -> ParseError {
    let mut furthest: Option<Stop> = None;
    for form in forms {
        each_row(*form, |row| {
            let stop = follow(text.as_bytes(), row);
            let is_further = |known: &Stop| stop.position > known.position;
            if furthest.as_ref().is_none_or(is_further) {
                furthest = Some(stop);
            }
        });
    }
    let stop = furthest.unwrap_or(Stop {
        position: text.len(),
        expected: "the end",
        rule: Rule::K3,
    });
    let error = ParseError::at(what, text, stop.position, stop.expected, stop.rule);
    let alias = matches!(forms, [Form::AliasName | Form::AwsAliasName, ..]);
    // The empty name breaks the bounds before it breaks the prefix.
    if text.is_empty() && alias {
        error.because("`alias/` and a name", Rule::A2)
    } else {
        error
    }
}
