//! What lies over the screen in sentences: a comparison, the fields of a frame that are edited. (A card tells itself in
//! [`card`](crate::tui::pane::card), where its order of rows is known.)

use stack::lab::compare::{Difference, Relation};

use crate::i18n::{Lang, Message};
use crate::picture::comparison::{ComparedFrame, Comparison};
use crate::tui::ui_state::FrameForm;

/// A comparison: what is compared, where it first differs, and every frame and field that does.
pub(super) fn comparison(comparison: &Comparison, lang: Lang) -> Vec<String> {
    let mut told = vec![Message::PlainCompare.fill(lang, &[&comparison.left, &comparison.right])];
    if comparison.is_same() {
        told.push(Message::ComparedSame.text(lang).to_owned());
        return told;
    }
    if let Some(first) = comparison.first {
        told.push(Message::ComparedFirst.fill(lang, &[&(first + 1).to_string(), &first.to_string()]));
    }
    for row in comparison.rows.iter().filter(|row| row.relation != Relation::Same) {
        let sides = [&row.left, &row.right].map(|frame| frame.as_ref().map(|frame| self::frame(frame, lang)));
        let relation = relation(row.relation).text(lang);
        told.push(match sides {
            [Some(left), Some(right)] => Message::PlainBoth.fill(lang, &[relation, &left, &right]),
            [Some(only), None] | [None, Some(only)] => Message::PlainOne.fill(lang, &[relation, &only]),
            [None, None] => continue,
        });
        told.extend(row.detail.iter().map(|detail| difference(detail, lang)));
    }
    if !comparison.fields.is_empty() {
        told.push(Message::ComparedFields.fill(lang, &[&comparison.fields.len().to_string()]));
        told.extend(comparison.fields.iter().map(|field| difference(field, lang)));
    }
    told
}

fn frame(frame: &ComparedFrame, lang: Lang) -> String {
    let seconds = format!("{:.6}", frame.microseconds as f64 / 1e6);
    let lost = if frame.lost { format!(", {}", Message::LegendLost.text(lang)) } else { String::new() };
    Message::PlainSide.fill(lang, &[&frame.number.to_string(), &seconds, &frame.from, &frame.label, &lost])
}

fn relation(relation: Relation) -> Message {
    match relation {
        Relation::Same => Message::RelationSame,
        Relation::Shifted => Message::RelationShifted,
        Relation::Fate => Message::RelationFate,
        Relation::Counted => Message::RelationCounted,
        Relation::Fields => Message::RelationFields,
        Relation::OnlyLeft => Message::RelationLeft,
        Relation::OnlyRight => Message::RelationRight,
    }
}

fn difference(difference: &Difference, lang: Lang) -> String {
    let parts = [difference.host.as_str(), difference.subject.as_str(), difference.field.as_str()];
    let name = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    let side = |value: &Option<String>| value.clone().unwrap_or_else(|| Message::PlainAbsent.text(lang).to_owned());
    Message::PlainDiffers.fill(lang, &[&name, &side(&difference.left), &side(&difference.right)])
}

/// The fields of a frame: their values, and those that they had where they are changed.
pub(super) fn form(form: &FrameForm, lang: Lang) -> Vec<String> {
    let checks = if form.mends { Message::FormMends } else { Message::FormLeaves };
    let mut told = vec![Message::FormTitle.fill(lang, &[&form.frame.to_string()]), checks.text(lang).to_owned()];
    told.extend(form.complaint.clone());
    let now = form.bytes();
    for field in &form.fields {
        let (was, value) = (field.value(&form.was), field.value(&now));
        let name = format!("{} {}", field.header, field.field.name);
        let label = field.field.label.text(lang);
        told.push(if was == value {
            Message::PlainField.fill(lang, &[&name, &value, label])
        } else {
            Message::PlainFieldWas.fill(lang, &[&name, &value, label, &was])
        });
    }
    told.push(Message::PlainEdit.text(lang).to_owned());
    told
}
