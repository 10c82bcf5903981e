//! Diagnosis (slow path): where a text stops being an identifier, and what could have stood there.
//!
//! Each form is a row of parts. A text is compared with every row of the forms that it could be,
//! and the row that matches its longest beginning tells the first byte with which no valid text
//! continues.

use super::invalid::ParseError;
use super::partition::REGION_PREFIXES;
use super::scan::is_alias_byte;

use crate::rule::Rule;

/// What could have stood at a byte, and the rule that says so.
type Expected = (&'static str, Rule);

/// One piece of a form.
#[derive(Clone, Copy)]
enum Part {
    /// This text, exactly.
    Literal(&'static str, Expected),
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
    class: Expected,
    short: Expected,
    long: Expected,
}

impl Part {
    /// How many bytes in front are of the part, and whether they are enough.
    fn count(&self, rest: &[u8]) -> (usize, bool) {
        match self {
            Self::Literal(literal, _) => {
                let pairs = rest.iter().zip(literal.as_bytes());
                let same = pairs.take_while(|(a, b)| a == b).count();
                (same, same == literal.len())
            }
            Self::Run {
                count, least, most, ..
            } => {
                let count = count(rest.get(..*most).unwrap_or(rest));
                (count, count >= *least)
            }
        }
    }

    /// What is expected where the part is not whole: at the end of the text, or at another byte.
    const fn expected(&self, at_end: bool) -> Expected {
        match self {
            Self::Literal(_, expected) => *expected,
            Self::Run { words, .. } if at_end => words.short,
            Self::Run { words, .. } => words.class,
        }
    }

    /// What is expected after a whole part of so many bytes, if it is the last one.
    const fn expected_after(&self, count: usize) -> Expected {
        match self {
            Self::Run { most, words, .. } if count < *most => words.class,
            Self::Run { words, .. } => words.long,
            Self::Literal(..) => THE_END,
        }
    }
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
    Part::Literal(text, (expected, rule))
}

const fn run(
    count: fn(&[u8]) -> usize,
    least: usize,
    most: usize,
    expected: &'static str,
    rule: Rule,
) -> Part {
    let (class, short, long) = ((expected, rule), (expected, rule), (expected, rule));
    let words = RunWords { class, short, long };
    Part::Run {
        count,
        least,
        most,
        words,
    }
}

/// The characters of an alias name after its prefix.
const fn name(most: usize) -> Part {
    let words = RunWords {
        class: ("a letter, a digit, `/`, `_` or `-`", Rule::A3),
        short: ("at least one character after the prefix", Rule::A2),
        long: ("at most 256 bytes", Rule::A2),
    };
    let (count, least): (fn(&[u8]) -> usize, usize) = (name_bytes, 1);
    Part::Run {
        count,
        least,
        most,
        words,
    }
}

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

const ALIAS_PREFIX: Part = literal("alias/", "`alias/` at the beginning of the name", Rule::A1);
const ALIAS_NAME: &[Part] = &[ALIAS_PREFIX, name(250)];
const AWS_ALIAS_NAME: &[Part] = &[
    ALIAS_PREFIX,
    literal("aws/", "`alias/aws/`", Rule::A8),
    name(246),
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

const ACCOUNT_ID: Part = run(digits, 12, 12, "an account of 12 digits", Rule::K3);

/// The colon before the resource of an ARN.
const COLON: &[Part] = &[literal(":", "`:`", Rule::K3)];
const KEY: &[Part] = &[literal("key/", "`key/`", Rule::K3)];

/// Shows the rows that make up a form, each as runs of parts.
fn each_row(form: Form, mut show: impl FnMut(&[&[Part]])) {
    match form {
        Form::AliasName => show(&[ALIAS_NAME]),
        Form::AwsAliasName => show(&[AWS_ALIAS_NAME]),
        Form::KeyId => [UUID, MULTI_REGION].iter().for_each(|row| show(&[row])),
        Form::KeyArn => {
            let ends = [[COLON, KEY, UUID], [COLON, KEY, MULTI_REGION]];
            each_arn_row(&ends, show);
        }
        Form::AliasArn => each_arn_row(&[[COLON, ALIAS_NAME, &[]]], show),
        Form::Scope => each_arn_row(&[[&[]; 3]], show),
        Form::Region => {
            for (prefix, _) in REGION_PREFIXES {
                show(&[&region(prefix, "a Region, such as `us-east-1`")]);
            }
        }
        Form::AccountId => show(&[&[ACCOUNT_ID]]),
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
fn each_arn_row(ends: &[[&[Part]; 3]], mut show: impl FnMut(&[&[Part]])) {
    const PARTITION: &str = "a partition, such as `aws`";
    const REGION: &str = "a Region of this partition, such as `us-east-1` in `aws`";
    for (prefix, partition) in REGION_PREFIXES {
        let head = [
            literal("arn:", "`arn:`", Rule::K3),
            literal(partition.as_str(), PARTITION, Rule::K4),
            // A text that goes on in place of this colon names no partition; at the next, no Region.
            literal(":", PARTITION, Rule::K4),
            literal("kms:", "`kms:`", Rule::K3),
        ];
        let account = [literal(":", REGION, Rule::K4), ACCOUNT_ID];
        for [colon, begin, end] in ends {
            show(&[&head, &region(prefix, REGION), &account, colon, begin, end]);
        }
    }
}

/// What is expected after the last part of a form.
const THE_END: Expected = ("the end", Rule::K3);

/// The byte at which a row stops following the text, and what it expects there.
fn follow(text: &[u8], row: &[&[Part]]) -> (usize, Expected) {
    let mut position = 0_usize;
    // What the last part, if it is a run, says of a byte after it.
    let mut after = THE_END;
    for parts in row {
        for part in *parts {
            let rest = text.get(position..).unwrap_or_default();
            let (count, whole) = part.count(rest);
            position = position.saturating_add(count);
            if !whole {
                return (position, part.expected(position == text.len()));
            }
            after = part.expected_after(count);
        }
    }
    (position, after)
}

/// Why a text is of none of these forms.
///
/// The caller has found that it is of none.
#[cold]
pub(super) fn diagnose(what: &'static str, text: &str, forms: &[Form]) -> ParseError {
    let mut furthest = None;
    for form in forms {
        each_row(*form, |row| {
            let stop = follow(text.as_bytes(), row);
            if furthest.is_none_or(|(position, _)| stop.0 > position) {
                furthest = Some(stop);
            }
        });
    }
    let (position, (expected, rule)) = furthest.unwrap_or((text.len(), THE_END));
    let error = ParseError::at(what, text, position, expected, rule);
    let alias = matches!(forms, [Form::AliasName | Form::AwsAliasName, ..]);
    // The empty name breaks the bounds before it breaks the prefix.
    if text.is_empty() && alias {
        error.because("`alias/` and a name", Rule::A2)
    } else {
        error
    }
}
