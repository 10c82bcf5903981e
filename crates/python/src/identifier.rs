//! Identifiers: made one at a time, and judged by the list.
//!
//! In Python an identifier is a `str` of a class whose `__new__` is a function of this file, so
//! that no text of that class breaks its rules.

use std::borrow::Cow;

use kms_alias::{
    AccountId, AliasArn, AliasName, AnyAliasName, AwsAliasName, KeyArn, KeyId, KeyIdentifier,
    ParseError, Region, ReservedNames, TargetKeyId,
};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBool, PyList, PyString, PyType};
use pyo3::wrap_pyfunction;

use crate::errors;

/// A reading of which names belong to AWS (rule A4), by the prefix that it reserves.
pub(crate) fn reserved_names(reserved: Option<&str>) -> PyResult<ReservedNames> {
    match reserved {
        None | Some("alias/aws") => Ok(ReservedNames::AliasAws),
        Some("alias/aws/") => Ok(ReservedNames::AliasAwsSlash),
        Some(_) => Err(PyValueError::new_err(
            "`reserved` is \"alias/aws\" or \"alias/aws/\"",
        )),
    }
}

/// The text of a string; a lone surrogate, which no identifier has, becomes a replacement
/// character.
fn lossy<'a>(value: &'a Bound<'_, PyString>) -> Cow<'a, str> {
    value
        .to_str()
        .map_or_else(|_| value.to_string_lossy(), Cow::Borrowed)
}

/// Makes an instance of a class of identifiers of a text that is valid.
///
/// `str.__new__` asks other classes of strings how they print, and an `enum` for instance prints
/// its own name: what was judged is the text, so the text is what it is given.
fn instance<'py>(
    class: &Bound<'py, PyType>,
    value: &Bound<'py, PyString>,
) -> PyResult<Bound<'py, PyAny>> {
    static NEW: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let py = class.py();
    let new = NEW.get_or_try_init(py, || {
        let new = py.get_type::<PyString>().getattr("__new__")?;
        Ok::<_, PyErr>(new.unbind())
    })?;
    if value.is_exact_instance_of::<PyString>() {
        new.bind(py).call1((class, value))
    } else {
        new.bind(py).call1((class, value.to_str()?))
    }
}

/// Judges every text of a list, without Python's lock.
fn judge_all(
    texts: &Bound<'_, PyAny>,
    is_valid: impl Fn(&str) -> bool + Sync,
) -> PyResult<Py<PyList>> {
    let py = texts.py();
    if texts.is_instance_of::<PyString>() {
        return Err(PyTypeError::new_err(
            "a list of str is wanted, and not a single str",
        ));
    }
    let list = match texts.cast::<PyList>() {
        Ok(list) => list.clone(),
        Err(_) => PyList::new(py, texts.try_iter()?.collect::<PyResult<Vec<_>>>()?)?,
    };
    let mut verdicts: Vec<bool> = Vec::with_capacity(list.len());
    let mut strings = Vec::with_capacity(CHUNK.min(list.len()));
    let mut values = list.iter();
    loop {
        for value in values.by_ref().take(CHUNK) {
            let index = verdicts.len().saturating_add(strings.len());
            strings.push(string(value, index)?);
        }
        if strings.is_empty() {
            break;
        }
        py.detach(|| verdicts.extend(strings.iter().map(|text| is_valid(text))));
        strings.clear();
        py.check_signals()?;
    }
    let verdicts = verdicts.iter().map(|valid| PyBool::new(py, *valid));
    PyList::new(py, verdicts).map(Bound::unbind)
}

/// As many texts are judged at a time: they stay in the processor's caches until they are let go.
/// Python's lock is given up and asked for once each time, which costs nothing beside them.
const CHUNK: usize = 1 << 15;

/// A string of a list, kept alive with its text.
fn string(value: Bound<'_, PyAny>, index: usize) -> PyResult<PyBackedStr> {
    let Ok(text) = value.cast_into::<PyString>() else {
        let words = format!("the value at index {index} is not a str");
        return Err(PyTypeError::new_err(words));
    };
    let py = text.py();
    // A text with a lone surrogate has no UTF-8, and like the empty text it is no identifier.
    PyBackedStr::try_from(text).or_else(|_| PyString::new(py, "").try_into())
}

/// As in a list: a text with a lone surrogate is no identifier, like the empty text.
fn text_of<'a>(text: &'a Bound<'_, PyString>) -> &'a str {
    text.to_str().unwrap_or_default()
}

fn parses<T: std::str::FromStr>(text: &str) -> bool {
    text.parse::<T>().is_ok()
}

/// Why a text is no identifier.
fn refused<T>(py: Python<'_>, parsed: Result<T, ParseError>) -> PyErr {
    match parsed {
        Err(error) => errors::invalid(py, &error),
        // Both questions are the library's, and it answers them alike.
        Ok(_) => PyValueError::new_err("the text is valid and was refused"),
    }
}

/// The three functions of a class of identifiers: its `__new__`, `is_valid`, and that of lists.
macro_rules! identifiers {
    ($($type:ty, $is_valid:expr, $new:ident, $valid:ident, $all_valid:ident, $what:literal;)*) => {
        $(
            /// Makes an instance of a class of identifiers.
            #[pyfunction]
            #[pyo3(signature = (class, text, /))]
            fn $new<'py>(
                class: &Bound<'py, PyType>,
                text: &Bound<'py, PyString>,
            ) -> PyResult<Bound<'py, PyAny>> {
                let value = lossy(text);
                if $is_valid(&value) {
                    return instance(class, text);
                }
                Err(refused(class.py(), value.parse::<$type>()))
            }

            #[doc = concat!("Whether a text is ", $what, ".")]
            #[pyfunction]
            #[pyo3(signature = (text, /))]
            fn $valid(text: &Bound<'_, PyString>) -> bool {
                $is_valid(text_of(text))
            }

            #[doc = concat!("Whether each text of a list is ", $what, ".")]
            #[doc = ""]
            #[doc = concat!(">>> from kms_alias import ", stringify!($all_valid))]
            #[doc = concat!(">>> ", stringify!($all_valid), "([\"\"])")]
            #[doc = "[False]"]
            #[pyfunction]
            #[pyo3(signature = (texts, /))]
            fn $all_valid(texts: &Bound<'_, PyAny>) -> PyResult<Py<PyList>> {
                judge_all(texts, $is_valid)
            }
        )*

        pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
            $(
                module.add_function(wrap_pyfunction!($new, module)?)?;
                module.add_function(wrap_pyfunction!($valid, module)?)?;
                module.add_function(wrap_pyfunction!($all_valid, module)?)?;
            )*
            module.add_function(wrap_pyfunction!(new_alias_name, module)?)?;
            module.add_function(wrap_pyfunction!(is_alias_name, module)?)?;
            module.add_function(wrap_pyfunction!(valid_alias_names, module)?)?;
            module.add_function(wrap_pyfunction!(region_partition, module)?)?;
            module.add_function(wrap_pyfunction!(key_identifier_form, module)?)
        }
    };
}

identifiers! {
    AnyAliasName, AnyAliasName::is_valid, new_any_alias_name, is_any_alias_name, valid_any_alias_names,
        "an alias name, a customer's or AWS's (rules A1 to A3)";
    AwsAliasName, parses::<AwsAliasName>, new_aws_alias_name, is_aws_alias_name, valid_aws_alias_names,
        "the name of one of AWS's own aliases (rule A8)";
    KeyId, KeyId::is_valid, new_key_id, is_key_id, valid_key_ids,
        "a key ID (rules K1, K2)";
    KeyArn, KeyArn::is_valid, new_key_arn, is_key_arn, valid_key_arns,
        "a key ARN (rules K3, K4)";
    AliasArn, parses::<AliasArn>, new_alias_arn, is_alias_arn, valid_alias_arns,
        "an alias ARN (rule A7)";
    TargetKeyId, parses::<TargetKeyId>, new_target_key_id, is_target_key_id, valid_target_key_ids,
        "a key ID or key ARN, which can be the target of an alias (rule K5)";
    KeyIdentifier, parses::<KeyIdentifier>, new_key_identifier, is_key_identifier, valid_key_identifiers,
        "any of the four forms that name a key (rule K6)";
    Region, parses::<Region>, new_region, is_region, valid_regions,
        "a Region (rule K4)";
    AccountId, parses::<AccountId>, new_account_id, is_account_id, valid_account_ids,
        "an account ID (rule K3)";
}

/// Makes an instance of a class of alias names.
#[pyfunction]
#[pyo3(signature = (class, text, /, *, reserved = None))]
fn new_alias_name<'py>(
    class: &Bound<'py, PyType>,
    text: &Bound<'py, PyString>,
    reserved: Option<&str>,
) -> PyResult<Bound<'py, PyAny>> {
    let reading = reserved_names(reserved)?;
    let value = lossy(text);
    if AliasName::is_valid_with(&value, reading) {
        return instance(class, text);
    }
    Err(refused(class.py(), AliasName::parse_with(&value, reading)))
}

/// Whether a text is the name of a customer's alias (rules A1 to A4).
#[pyfunction]
#[pyo3(signature = (text, /, *, reserved = None))]
fn is_alias_name(text: &Bound<'_, PyString>, reserved: Option<&str>) -> PyResult<bool> {
    let reading = reserved_names(reserved)?;
    Ok(AliasName::is_valid_with(text_of(text), reading))
}

/// Whether each text of a list is the name of a customer's alias (rules A1 to A4).
///
/// Other threads run while a list is judged.
///
/// >>> from kms_alias import valid_alias_names
/// >>> valid_alias_names(["alias/payments", "alias/aws/s3", "alias/awsome"])
/// [True, False, False]
/// >>> valid_alias_names(["alias/awsome"], reserved="alias/aws/")
/// [True]
#[pyfunction]
#[pyo3(signature = (texts, /, *, reserved = None))]
fn valid_alias_names(texts: &Bound<'_, PyAny>, reserved: Option<&str>) -> PyResult<Py<PyList>> {
    let reading = reserved_names(reserved)?;
    judge_all(texts, |text| AliasName::is_valid_with(text, reading))
}

/// The partition of a Region.
#[pyfunction]
#[pyo3(signature = (region, /))]
fn region_partition(py: Python<'_>, region: &str) -> PyResult<&'static str> {
    match region.parse::<Region>() {
        Ok(region) => Ok(region.partition().as_str()),
        Err(error) => Err(errors::invalid(py, &error)),
    }
}

/// Which of the four forms of rule K6 a text has.
#[pyfunction]
#[pyo3(signature = (text, /))]
fn key_identifier_form(py: Python<'_>, text: &str) -> PyResult<&'static str> {
    match text.parse::<KeyIdentifier>() {
        Ok(KeyIdentifier::KeyId(_)) => Ok("key-id"),
        Ok(KeyIdentifier::KeyArn(_)) => Ok("key-arn"),
        Ok(KeyIdentifier::AliasName(_)) => Ok("alias-name"),
        Ok(KeyIdentifier::AliasArn(_)) => Ok("alias-arn"),
        Err(error) => Err(errors::invalid(py, &error)),
    }
}
