//! What each identifier may look like, twice: as a regex of whole texts, written out by hand, and
//! as a regex of beginnings that some continuation makes whole.

use regex::Regex;

/// The texts of a type, and their beginnings.
pub struct Grammar {
    whole: Regex,
    beginning: Regex,
}

impl Grammar {
    fn new(whole: &str, form: &Form) -> Self {
        Self {
            whole: anchored(whole),
            beginning: anchored(&form.beginning),
        }
    }

    /// Whether a text is of the type.
    pub fn is_valid(&self, text: &str) -> bool {
        self.whole.is_match(text)
    }

    /// Whether a text can be continued to one of the type, or is one already.
    pub fn can_be_completed(&self, text: &str) -> bool {
        self.beginning.is_match(text)
    }

    /// The first byte that no text of the type can have there; the length, if only more is missing.
    pub fn first_wrong_byte(&self, text: &str) -> usize {
        let ends: Vec<_> = text
            .char_indices()
            .map(|(at, character)| at + character.len_utf8())
            .collect();
        // What begins a beginning is one too, so there is one place where they end.
        let right = ends.partition_point(|end| self.can_be_completed(&text[..*end]));
        right.checked_sub(1).map_or(0, |last| ends[last])
    }
}

fn anchored(pattern: &str) -> Regex {
    Regex::new(&format!(r"\A(?-u:{pattern})\z")).expect("a regex")
}

/// A part of a grammar: what it matches, and the beginnings of that.
#[derive(Clone)]
struct Form {
    whole: String,
    beginning: String,
}

fn literal(text: &str) -> Form {
    let beginning = text.chars().rev().fold(String::new(), |rest, character| {
        format!("(?:{}{rest})?", regex::escape(&character.to_string()))
    });
    Form {
        whole: regex::escape(text),
        beginning,
    }
}

fn run(class: &str, least: usize, most: usize) -> Form {
    Form {
        whole: format!("{class}{{{least},{most}}}"),
        beginning: format!("{class}{{0,{most}}}"),
    }
}

fn sequence(parts: &[Form]) -> Form {
    let first = literal("");
    parts.iter().cloned().fold(first, |done, next| Form {
        beginning: format!("(?:{}|{}{})", done.beginning, done.whole, next.beginning),
        whole: format!("{}{}", done.whole, next.whole),
    })
}

fn either(forms: &[Form]) -> Form {
    let join = |part: fn(&Form) -> &str| {
        let parts: Vec<_> = forms.iter().map(part).collect();
        format!("(?:{})", parts.join("|"))
    };
    Form {
        whole: join(|form| &form.whole),
        beginning: join(|form| &form.beginning),
    }
}

const NAME: &str = "[A-Za-z0-9/_-]";
const HEX: &str = "[0-9a-f]";

/// Partitions, what their Regions begin with, and the same as a regex (rule K4).
pub const PARTITIONS: [(&str, &[&str], &str); 8] = [
    (
        "aws",
        &[
            "us-", "eu-", "ap-", "sa-", "ca-", "me-", "af-", "il-", "mx-",
        ],
        "(?:us|eu|ap|sa|ca|me|af|il|mx)-",
    ),
    ("aws-cn", &["cn-"], "cn-"),
    ("aws-eusc", &["eusc-de-"], "eusc-de-"),
    ("aws-iso", &["us-iso-"], "us-iso-"),
    ("aws-iso-b", &["us-isob-"], "us-isob-"),
    ("aws-iso-e", &["eu-isoe-"], "eu-isoe-"),
    ("aws-iso-f", &["us-isof-"], "us-isof-"),
    ("aws-us-gov", &["us-gov-"], "us-gov-"),
];

const NAME_REGEX: &str = "alias/[A-Za-z0-9/_-]{1,250}";
const KEY_ID_REGEX: &str =
    "(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|mrk-[0-9a-f]{32})";

fn region_regex(prefix: &str) -> String {
    format!("{prefix}[a-z]{{1,12}}-[0-9]{{1,2}}")
}

fn scope_regex() -> String {
    let scope = |(partition, _, prefix): (&str, _, &str)| {
        format!("arn:{partition}:kms:{}:[0-9]{{12}}", region_regex(prefix))
    };
    format!("(?:{})", PARTITIONS.map(scope).join("|"))
}

fn name() -> Form {
    sequence(&[literal("alias/"), run(NAME, 1, 250)])
}

fn key_id() -> Form {
    let four = [run(HEX, 4, 4), literal("-")];
    let uuid = [
        &[run(HEX, 8, 8), literal("-")],
        &four[..],
        &four[..],
        &four[..],
        &[run(HEX, 12, 12)],
    ];
    let multi_region = sequence(&[literal("mrk-"), run(HEX, 32, 32)]);
    either(&[sequence(&uuid.concat()), multi_region])
}

fn regions(prefixes: &[&str]) -> Form {
    let prefixes: Vec<_> = prefixes.iter().map(|prefix| literal(prefix)).collect();
    sequence(&[
        either(&prefixes),
        run("[a-z]", 1, 12),
        literal("-"),
        run("[0-9]", 1, 2),
    ])
}

fn scope() -> Form {
    let scope = |(partition, prefixes, _): (&str, &[&str], _)| {
        sequence(&[
            literal("arn:"),
            literal(partition),
            literal(":kms:"),
            regions(prefixes),
            literal(":"),
            run("[0-9]", 12, 12),
        ])
    };
    either(&PARTITIONS.map(scope))
}

fn key_arn() -> Form {
    sequence(&[scope(), literal(":key/"), key_id()])
}

fn alias_arn() -> Form {
    sequence(&[scope(), literal(":"), name()])
}

pub fn alias_names() -> Grammar {
    Grammar::new(NAME_REGEX, &name())
}

pub fn aws_alias_names() -> Grammar {
    let form = sequence(&[literal("alias/aws/"), run(NAME, 1, 246)]);
    Grammar::new("alias/aws/[A-Za-z0-9/_-]{1,246}", &form)
}

pub fn key_ids() -> Grammar {
    Grammar::new(KEY_ID_REGEX, &key_id())
}

pub fn key_arns() -> Grammar {
    Grammar::new(&format!("{}:key/{KEY_ID_REGEX}", scope_regex()), &key_arn())
}

pub fn alias_arns() -> Grammar {
    Grammar::new(&format!("{}:{NAME_REGEX}", scope_regex()), &alias_arn())
}

pub fn scopes() -> Grammar {
    Grammar::new(&scope_regex(), &scope())
}

pub fn regions_of_all() -> Grammar {
    let whole = PARTITIONS.map(|(_, _, prefix)| region_regex(prefix));
    let form = PARTITIONS.map(|(_, prefixes, _)| regions(prefixes));
    Grammar::new(&format!("(?:{})", whole.join("|")), &either(&form))
}

pub fn partitions() -> Grammar {
    let form = PARTITIONS.map(|(partition, ..)| literal(partition));
    Grammar::new(
        "(?:aws|aws-cn|aws-eusc|aws-iso|aws-iso-b|aws-iso-e|aws-iso-f|aws-us-gov)",
        &either(&form),
    )
}

pub fn account_ids() -> Grammar {
    Grammar::new("[0-9]{12}", &run("[0-9]", 12, 12))
}

pub fn target_key_ids() -> Grammar {
    Grammar::new(
        &format!("(?:{KEY_ID_REGEX}|{}:key/{KEY_ID_REGEX})", scope_regex()),
        &either(&[key_id(), key_arn()]),
    )
}

pub fn key_identifiers() -> Grammar {
    let scope = scope_regex();
    Grammar::new(
        &format!("(?:{KEY_ID_REGEX}|{NAME_REGEX}|{scope}:key/{KEY_ID_REGEX}|{scope}:{NAME_REGEX})"),
        &either(&[key_id(), name(), key_arn(), alias_arn()]),
    )
}
