//! Whether a condition holds, where all that it asks for is known.

use super::expression::{Expression, Kind, Piece};
use super::loops::Loops;
use super::trail::Trail;

/// What a condition compares.
enum Scalar {
    Null,
    Truth(bool),
    Number(f64),
    Text(String),
}

impl Scalar {
    /// Whether it is the same; none where Terraform would have to make one of the other's type.
    fn is(&self, other: &Self) -> Option<bool> {
        match (self, other) {
            (Self::Null, Self::Null) => Some(true),
            (Self::Null, _) | (_, Self::Null) => Some(false),
            (Self::Truth(one), Self::Truth(other)) => Some(one == other),
            (Self::Number(one), Self::Number(other)) => Some(one.total_cmp(other).is_eq()),
            (Self::Text(one), Self::Text(other)) => Some(one == other),
            _ => None,
        }
    }
}

/// What two values give, of which one alone decides where it is so.
fn either(decides: bool, one: Option<bool>, other: Option<bool>) -> Option<bool> {
    if one == Some(decides) || other == Some(decides) {
        return Some(decides);
    }
    (one.is_some() && other.is_some()).then_some(!decides)
}

/// What Terraform makes of a text where it wants `true` or `false`.
fn truth_of(text: &str) -> Option<bool> {
    match text {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

impl Loops<'_> {
    /// Whether a condition holds whatever variables are given.
    pub(super) fn surely_holds(&self, condition: &Expression, trail: Trail<'_>) -> Option<bool> {
        let scope = self.scope.certain();
        Loops { scope }.holds(condition, trail)
    }

    /// Whether a condition holds; none where that is not known.
    pub(super) fn holds(&self, condition: &Expression, trail: Trail<'_>) -> Option<bool> {
        let trail = trail.further()?;
        let Kind::Call(name, arguments) = &condition.kind else {
            return match self.scalar(condition, trail)? {
                Scalar::Truth(holds) => Some(holds),
                Scalar::Text(text) => truth_of(&text),
                _ => None,
            };
        };
        let holds = |own: &Expression| self.holds(own, trail);
        let number = |own: &Expression| match self.scalar(own, trail)? {
            Scalar::Number(number) => Some(number),
            _ => None,
        };
        let text = |own: &Expression| self.constant(own, trail);
        match (name.as_str(), arguments.as_slice()) {
            ("!", [own]) => Some(!holds(own)?),
            ("&&", [one, other]) => either(false, holds(one), holds(other)),
            ("||", [one, other]) => either(true, holds(one), holds(other)),
            ("==", [one, other]) => self.are_same(one, other, trail),
            ("!=", [one, other]) => Some(!self.are_same(one, other, trail)?),
            ("<", [one, other]) => Some(number(one)? < number(other)?),
            ("<=", [one, other]) => Some(number(one)? <= number(other)?),
            (">", [one, other]) => Some(number(one)? > number(other)?),
            (">=", [one, other]) => Some(number(one)? >= number(other)?),
            ("startswith", [own, start]) => Some(text(own)?.starts_with(&text(start)?)),
            ("endswith", [own, end]) => Some(text(own)?.ends_with(&text(end)?)),
            ("contains", [list, own]) => self.is_in(own, list, trail),
            ("can", [own]) => matches!(own.kind, Kind::Absent).then_some(false),
            ("tobool" | "nonsensitive" | "sensitive", [own]) | ("try", [own, ..]) => holds(own),
            ("lookup", [map, name, default @ ..]) => {
                let name = text(name)?;
                let entries = self.scope.entries(map, trail)?;
                let mut entries = entries.iter();
                match entries.find(|entry| entry.name.as_ref() == Some(&name)) {
                    Some(entry) => holds(&entry.value),
                    None => holds(default.first()?),
                }
            }
            _ => None,
        }
    }

    fn are_same(&self, one: &Expression, other: &Expression, trail: Trail<'_>) -> Option<bool> {
        self.scalar(one, trail)?.is(&self.scalar(other, trail)?)
    }

    fn is_in(&self, own: &Expression, list: &Expression, trail: Trail<'_>) -> Option<bool> {
        let own = self.scalar(own, trail)?;
        let items = self.collection(list, trail)?.into_turns().into_iter();
        let same = items.map(|(_, item)| self.scalar(&item, trail)?.is(&own));
        let same: Vec<bool> = same.collect::<Option<_>>()?;
        Some(same.contains(&true))
    }

    fn scalar(&self, expression: &Expression, trail: Trail<'_>) -> Option<Scalar> {
        let trail = trail.further()?;
        match &expression.kind {
            Kind::Plain(plain) => Some(match plain.as_str() {
                "null" => Scalar::Null,
                "true" => Scalar::Truth(true),
                "false" => Scalar::Truth(false),
                number => Scalar::Number(number.parse().ok()?),
            }),
            Kind::Template(pieces) if matches!(pieces.as_slice(), [Piece::Value(_)]) => {
                let [Piece::Value(value)] = pieces.as_slice() else {
                    return None;
                };
                self.scalar(value, trail)
            }
            Kind::Template(_) => self.constant(expression, trail).map(Scalar::Text),
            Kind::Reference(parts) => {
                let parts: Vec<_> = parts.iter().map(String::as_str).collect();
                self.scalar(self.scope.at_path(&parts)?, trail)
            }
            Kind::Call(name, arguments) => match (name.as_str(), arguments.as_slice()) {
                ("length", [list]) => {
                    let length = self.collection(list, trail)?.len();
                    Some(Scalar::Number(u32::try_from(length).ok()?.into()))
                }
                ("lower" | "upper" | "format" | "join" | "replace" | "tostring", _) => {
                    self.constant(expression, trail).map(Scalar::Text)
                }
                ("trimprefix" | "trimsuffix" | "trimspace", _) => {
                    self.constant(expression, trail).map(Scalar::Text)
                }
                ("try", [own, ..]) => self.scalar(own, trail),
                _ => self.holds(expression, trail).map(Scalar::Truth),
            },
            _ => None,
        }
    }
}
