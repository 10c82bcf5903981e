//! YAML as JSON on the same lines, so that one reader and one way to say where serve both.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use kms_alias_yaml::{Deepened, Stop, intrinsic};
use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Tag};

/// As deep may a document nest; JSON may nest 127 levels.
const DEEPEST: usize = 100;

/// Why a text is not YAML that is read here.
#[derive(Debug)]
pub(crate) struct YamlError {
    /// The line, from 1.
    pub(crate) line: usize,
    /// What is wrong.
    pub(crate) words: String,
}

/// The documents as a stream of JSON documents, each token on the line that it has in YAML.
///
/// CloudFormation's short forms become what they stand for: `!Ref a` is `{"Ref": "a"}`, `!Sub a`
/// is `{"Fn::Sub": "a"}`. Aliases (`*a`) and keys that are no scalars are refused.
pub(crate) fn to_json(text: &str) -> Result<String, YamlError> {
    kms_alias_yaml::read(text, write)
}

fn write(text: &Deepened<'_>) -> Result<String, Stop<YamlError>> {
    let mut writer = Writer {
        json: String::with_capacity(text.as_str().len()),
        line: 1,
        frames: Vec::new(),
        members: 0,
    };
    for event in Parser::new_from_str(text.as_str()) {
        let (event, span) = event.map_err(|error| Stop::of(&error, text, scan_error(&error)))?;
        writer.take(event, &span.start)?;
    }
    Ok(writer.json)
}

/// A scalar without quotes and without a tag of its own, which is no key.
pub(crate) struct PlainValue {
    /// The keys of the mappings around it, the outermost first.
    pub(crate) path: Vec<String>,
    pub(crate) text: String,
    /// From 1.
    pub(crate) line: usize,
}

/// The scalars without quotes of a text that was read before.
pub(crate) fn plain_values(text: &str) -> Vec<PlainValue> {
    kms_alias_yaml::read(text, plain_values_in).unwrap_or_default()
}

fn plain_values_in(text: &Deepened<'_>) -> Result<Vec<PlainValue>, Stop<YamlError>> {
    let mut values = Vec::new();
    // Of each open mapping the key whose value stands here; none of a sequence.
    let mut around: Vec<(bool, Option<String>)> = Vec::new();
    for event in Parser::new_from_str(text.as_str()) {
        let (event, span) = event.map_err(|error| Stop::of(&error, text, scan_error(&error)))?;
        match event {
            Event::MappingStart(..) => around.push((true, None)),
            Event::SequenceStart(..) => around.push((false, None)),
            Event::MappingEnd | Event::SequenceEnd => {
                around.pop();
                end_value(&mut around);
            }
            Event::Scalar(text, style, _, tag) => {
                if let Some((true, key @ None)) = around.last_mut() {
                    *key = Some(text.into_owned());
                    continue;
                }
                if style == ScalarStyle::Plain && tag.is_none() {
                    values.push(PlainValue {
                        path: around.iter().filter_map(|(_, key)| key.clone()).collect(),
                        text: text.into_owned(),
                        line: span.start.line(),
                    });
                }
                end_value(&mut around);
            }
            _ => {}
        }
    }
    Ok(values)
}

/// The next node of a mapping is a key again.
fn end_value(around: &mut [(bool, Option<String>)]) {
    if let Some((true, key)) = around.last_mut() {
        *key = None;
    }
}

fn scan_error(error: &ScanError) -> YamlError {
    YamlError {
        line: error.marker().line(),
        words: format!("not YAML: {}", error.info()),
    }
}

/// An open sequence or mapping.
struct Frame {
    /// What closes it: its bracket, and the braces of its tag.
    close: &'static str,
    is_mapping: bool,
    /// How many nodes it has, keys counted.
    nodes: usize,
}

struct Writer {
    json: String,
    line: usize,
    frames: Vec<Frame>,
    /// Which of [`MEMBERS`] the document has so far, one bit each.
    members: u8,
}

/// Members that each document of the AWS CLI has once.
const MEMBERS: [&str; 5] = ["Aliases", "Keys", "KeyMetadata", "Truncated", "NextMarker"];

impl Writer {
    fn take(&mut self, event: Event<'_>, at: &Marker) -> Result<(), YamlError> {
        let fault = |words: &str| YamlError {
            line: at.line(),
            words: words.to_string(),
        };
        match event {
            Event::Scalar(text, style, _, tag) => {
                self.go_to(at);
                self.begin_again(&text);
                self.scalar(&text, style, tag.as_deref());
            }
            Event::SequenceStart(_, tag) => self.open("[", "]", tag.as_deref(), at)?,
            Event::MappingStart(_, tag) => self.open("{", "}", tag.as_deref(), at)?,
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            Event::Alias(_) => {
                return Err(fault(
                    "YAML aliases (`*name`) are not read: write the value out",
                ));
            }
            Event::DocumentEnd => {
                self.members = 0;
                self.json.push(' ');
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) => {}
        }
        Ok(())
    }

    /// Breaks lines until the text is on the line of a token.
    fn go_to(&mut self, at: &Marker) {
        while self.line < at.line() {
            self.json.push('\n');
            self.line = self.line.saturating_add(1);
        }
    }

    /// What stands before a node; whether the node is a key.
    fn separate(&mut self) -> bool {
        let Some(frame) = self.frames.last_mut() else {
            return false;
        };
        let is_key = frame.is_mapping && frame.nodes.is_multiple_of(2);
        if frame.is_mapping && !is_key {
            self.json.push(':');
        } else if frame.nodes > 0 {
            self.json.push(',');
        }
        frame.nodes = frame.nodes.saturating_add(1);
        is_key
    }

    /// Begins a document where a member comes again that a document of the AWS CLI has once: what
    /// was appended to a file without `---` between.
    fn begin_again(&mut self, text: &str) {
        let [frame] = self.frames.as_mut_slice() else {
            return;
        };
        let is_key = frame.is_mapping && frame.nodes.is_multiple_of(2);
        let Some(member) = MEMBERS
            .iter()
            .position(|name| *name == text)
            .filter(|_| is_key)
        else {
            return;
        };
        let bit = 1_u8 << member;
        if self.members & bit != 0 {
            frame.nodes = 0;
            self.members = 0;
            self.json.push_str("} {");
        }
        self.members |= bit;
    }

    fn open(
        &mut self,
        open: &str,
        close: &'static str,
        tag: Option<&Tag>,
        at: &Marker,
    ) -> Result<(), YamlError> {
        let fault = |words: String| YamlError {
            line: at.line(),
            words,
        };
        if self.frames.len() >= DEEPEST {
            return Err(fault(format!("nested deeper than {DEEPEST} levels")));
        }
        self.go_to(at);
        if self.separate() {
            return Err(fault("a key is a scalar".to_string()));
        }
        let function = tag.and_then(intrinsic);
        let close = match (&function, close) {
            (Some(_), "]") => "]}",
            (Some(_), _) => "}}",
            (None, close) => close,
        };
        if let Some(function) = function {
            self.json.push_str(&format!("{{{}:", quoted(&function)));
        }
        self.json.push_str(open);
        self.frames.push(Frame {
            close,
            is_mapping: open == "{",
            nodes: 0,
        });
        Ok(())
    }

    fn close(&mut self) {
        if let Some(frame) = self.frames.pop() {
            self.json.push_str(frame.close);
        }
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, tag: Option<&Tag>) {
        if self.separate() {
            return self.json.push_str(&quoted(text));
        }
        let value = if style == ScalarStyle::Plain && tag.is_none() {
            plain(text)
        } else {
            quoted(text)
        };
        match tag.and_then(intrinsic) {
            Some(function) => self
                .json
                .push_str(&format!("{{{}:{value}}}", quoted(&function))),
            None => self.json.push_str(&value),
        }
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A scalar without quotes: a null, a boolean, a number that JSON has too, or a text.
fn plain(text: &str) -> String {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => "null".to_string(),
        "true" | "True" | "TRUE" => "true".to_string(),
        "false" | "False" | "FALSE" => "false".to_string(),
        text => {
            let looks_like_one =
                text.starts_with(|first: char| first == '-' || first.is_ascii_digit());
            match looks_like_one.then(|| serde_json::from_str::<serde_json::Number>(text)) {
                Some(Ok(_)) => text.to_string(),
                _ => quoted(text),
            }
        }
    }
}
