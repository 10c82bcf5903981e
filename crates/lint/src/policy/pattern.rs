//! Patterns of IAM: `*`, `?` and variables, and what two of them can have in common.

use std::fmt;

use crate::text::HOLE;

/// One piece of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    Character(char),
    /// `?`: any one character.
    One,
    /// `*`: any text.
    Any,
    /// `${...}`, or what only a run knows: some text.
    Variable,
}

impl Token {
    const fn is_open(self) -> bool {
        matches!(self, Self::Any | Self::Variable)
    }

    const fn takes(self, other: Self) -> bool {
        match (self, other) {
            (Self::Character(a), Self::Character(b)) => a == b,
            _ => true,
        }
    }
}

/// A pattern of IAM.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Pattern(pub(super) Vec<Token>);

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.0).finish()
    }
}

/// The text of each variable of a policy: what stands between `${` and `}`.
pub(crate) fn variables(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (_, after) = rest.split_once("${")?;
        let (name, after) = after.split_once('}')?;
        rest = after;
        Some(name)
    })
    .filter(|name| literal_of(name).is_none())
}

/// The character that `${*}`, `${?}` and `${$}` stand for.
fn literal_of(name: &str) -> Option<char> {
    match name {
        "*" => Some('*'),
        "?" => Some('?'),
        "$" => Some('$'),
        _ => None,
    }
}

impl Pattern {
    /// Reads a pattern. Each text is one.
    pub(crate) fn new(text: &str) -> Self {
        Self::read(text, |character| match character {
            '*' => Token::Any,
            '?' => Token::One,
            other => Token::Character(other),
        })
    }

    /// Reads a text in which `*` and `?` are no wildcards, as `StringEquals` has it.
    pub(crate) fn of_exact(text: &str) -> Self {
        Self::read(text, Token::Character)
    }

    fn read(text: &str, token: impl Fn(char) -> Token) -> Self {
        let mut tokens = Vec::new();
        let mut rest = text;
        while let Some(character) = rest.chars().next() {
            let variable = rest
                .strip_prefix("${")
                .and_then(|after| after.split_once('}'));
            if let Some((name, after)) = variable {
                let literal = literal_of(name).map_or(Token::Variable, Token::Character);
                tokens.push(literal);
                rest = after;
                continue;
            }
            tokens.push(match character {
                HOLE => Token::Variable,
                other => token(other),
            });
            rest = rest.get(character.len_utf8()..).unwrap_or_default();
        }
        Self(tokens)
    }

    pub(crate) fn tokens(&self) -> &[Token] {
        &self.0
    }

    /// Whether any token is a wildcard or a variable.
    pub(crate) fn is_open(&self) -> bool {
        self.0
            .iter()
            .any(|token| !matches!(token, Token::Character(_)))
    }

    /// The characters before the first wildcard or variable.
    pub(crate) fn head(&self) -> String {
        let characters = self.0.iter().map_while(|token| match token {
            Token::Character(character) => Some(*character),
            _ => None,
        });
        characters.collect()
    }

    /// The parts between colons, at most so many.
    pub(crate) fn parts(&self, most: usize) -> Vec<Self> {
        let colon = |token: &Token| *token == Token::Character(':');
        let parts = self.0.splitn(most, colon);
        parts.map(|part| Self(part.to_vec())).collect()
    }

    /// Whether a text stands in it as it is.
    pub(crate) fn holds(&self, text: &str) -> bool {
        let text: Vec<_> = text.chars().map(Token::Character).collect();
        self.0.windows(text.len().max(1)).any(|own| own == text)
    }

    /// Whether some text fits both patterns.
    pub(crate) fn meets(&self, other: &Self) -> bool {
        // reached[j]: a text exists that the tokens so far and the first j of the other fit.
        let mut reached = vec![false; other.0.len().saturating_add(1)];
        if let Some(first) = reached.first_mut() {
            *first = true;
        }
        skip_open(&other.0, &mut reached);
        for token in &self.0 {
            reached = step(*token, &other.0, &reached);
            if !reached.contains(&true) {
                return false;
            }
        }
        reached.last().copied().unwrap_or_default()
    }

    /// Whether every text that fits the other pattern fits this one.
    ///
    /// It may be denied where it is so, for patterns such as `a*?` and `a?*`. A variable of this
    /// pattern is taken to cover what it has to.
    pub(crate) fn covers(&self, other: &Self) -> bool {
        let mut reached = vec![false; self.0.len().saturating_add(1)];
        if let Some(first) = reached.first_mut() {
            *first = true;
        }
        skip_open(&self.0, &mut reached);
        for token in &other.0 {
            let mut next = vec![false; reached.len()];
            for (index, own) in self.0.iter().enumerate() {
                if !reached.get(index).copied().unwrap_or_default() {
                    continue;
                }
                let covered = match (own, token) {
                    (Token::Any | Token::Variable, _) => Some(index),
                    (Token::One, Token::One | Token::Character(_)) => Some(index.saturating_add(1)),
                    (Token::Character(a), Token::Character(b)) if a == b => {
                        Some(index.saturating_add(1))
                    }
                    _ => None,
                };
                if let Some(place) = covered.and_then(|index| next.get_mut(index)) {
                    *place = true;
                }
            }
            skip_open(&self.0, &mut next);
            reached = next;
        }
        reached.last().copied().unwrap_or_default()
    }
}

/// An open token may fit nothing: what is reached before it is reached behind it.
fn skip_open(tokens: &[Token], reached: &mut [bool]) {
    let mut before = false;
    for (index, place) in reached.iter_mut().enumerate() {
        let open = index
            .checked_sub(1)
            .and_then(|index| tokens.get(index))
            .is_some_and(|token| token.is_open());
        *place |= before && open;
        before = *place;
    }
}

/// What is reached after one token more.
fn step(token: Token, other: &[Token], reached: &[bool]) -> Vec<bool> {
    let mut next = if token.is_open() {
        reached.to_vec()
    } else {
        vec![false; reached.len()]
    };
    let mut before = false;
    for (index, place) in next.iter_mut().enumerate() {
        let was = reached.get(index).copied().unwrap_or_default();
        let previous = index.checked_sub(1).and_then(|index| other.get(index));
        if token.is_open() {
            // The open token takes in one character of the other, again and again.
            *place |= before;
        } else {
            // The one character is taken by the previous token of the other.
            let came = index
                .checked_sub(1)
                .and_then(|index| reached.get(index))
                .copied()
                .unwrap_or_default();
            *place |= came
                && previous.is_some_and(|previous| !previous.is_open() && token.takes(*previous));
            *place |= was && previous.is_some_and(|previous| previous.is_open());
        }
        before = *place;
    }
    skip_open(other, &mut next);
    next
}
