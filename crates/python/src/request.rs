//! Requests as Python hands them in: a mapping with KMS's own member names.

use kms_alias::{KeyState, KmsOperation, Operation, Refusal, RequestText, ReservedNames};
use pyo3::Borrowed;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyString;

/// A text as it was handed in; a lone surrogate, which no text of KMS has, becomes a replacement
/// character, which no identifier has.
pub(crate) struct Text(pub(crate) String);

impl FromPyObject<'_, '_> for Text {
    type Error = PyErr;

    fn extract(value: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        let text = value.cast::<PyString>()?;
        Ok(Self(text.to_string_lossy().into_owned()))
    }
}

/// The members of a request, by value.
#[derive(Default)]
pub(crate) struct Members {
    pub(crate) alias_name: Option<String>,
    pub(crate) target_key_id: Option<String>,
    pub(crate) key_id: Option<String>,
    pub(crate) pending_window_in_days: Option<i64>,
}

impl Members {
    /// Those of a request about an alias.
    pub(crate) fn of_alias(alias_name: String, target_key_id: Option<String>) -> Self {
        Self {
            alias_name: Some(alias_name),
            target_key_id,
            ..Self::default()
        }
    }

    /// Those of a request about a key.
    pub(crate) fn of_key(key_id: String) -> Self {
        Self {
            key_id: Some(key_id),
            ..Self::default()
        }
    }

    /// Reads a mapping; a member that no operation has is a mistake of the caller.
    pub(crate) fn of(request: &Bound<'_, PyAny>) -> PyResult<Self> {
        let mut members = Self::default();
        let wrong = |_| PyTypeError::new_err("`request` is a dict, by the names of KMS's members");
        let items = request.call_method0("items").map_err(wrong)?;
        for item in items.try_iter()? {
            let (Text(name), value): (Text, Bound<'_, PyAny>) = item?.extract()?;
            let text = || {
                value
                    .extract()
                    .map(|Text(text)| text)
                    .map_err(|_| PyTypeError::new_err(format!("`{name}` in `request` is a str")))
            };
            match &*name {
                "AliasName" => members.alias_name = Some(text()?),
                "TargetKeyId" => members.target_key_id = Some(text()?),
                "KeyId" => members.key_id = Some(text()?),
                "PendingWindowInDays" => members.pending_window_in_days = Some(value.extract()?),
                other => {
                    let words = format!("no operation of a table has a member `{other}`");
                    return Err(PyTypeError::new_err(words));
                }
            }
        }
        Ok(members)
    }

    /// The operation that is asked for, or why KMS refuses it whatever stands in the table.
    pub(crate) fn operation(
        &self,
        name: &str,
        reserved_names: ReservedNames,
    ) -> Result<Operation, Refusal> {
        let unknown = || Refusal::UnknownOperation {
            operation: name.into(),
        };
        let operation: KmsOperation = name.parse().map_err(|_| unknown())?;
        let text = RequestText {
            alias_name: self.alias_name.as_deref(),
            target_key_id: self.target_key_id.as_deref(),
            key_id: self.key_id.as_deref(),
            pending_window_in_days: self.pending_window_in_days,
        };
        Operation::parse(operation, &text, reserved_names)
    }
}

/// A key state by its name.
pub(crate) fn key_state(name: &str) -> PyResult<KeyState> {
    let wrong = || PyValueError::new_err(format!("`{name}` is no key state"));
    name.parse().map_err(|_| wrong())
}
