//! The screens call a thing by one term, the one of `lessons/terms.toml`: so a lesson and the pane beside it speak of the same.

use lessons::Pane;
use lessons::terms::slips;
use sockscope::i18n::{Lang, Message};
use sockscope::open::gallery::scenes;
use sockscope::tui::action::TABLE;
use sockscope::tui::panes::help::help;

#[test]
fn what_the_screens_say_keeps_the_terms() {
    for lang in [Lang::En, Lang::Zh] {
        let messages = Message::ALL.iter().map(|message| message.text(lang).to_owned());
        let actions = TABLE.iter().map(|entry| entry.label.text(lang).to_owned());
        let panes = Pane::ALL.iter().flat_map(|pane| {
            let help = help(*pane);
            let rows = help.marks.iter().chain(&help.keys).map(|(_, words)| words.text(lang).to_owned());
            rows.chain([help.shows.text(lang).to_owned()])
        });
        let gallery = scenes().iter().map(|scene| format!("{}; {}", scene.title.text(lang), scene.sentence.text(lang)));
        let said: Vec<String> = messages.chain(actions).chain(panes).chain(gallery).collect();
        assert!(said.len() > 500, "{}", said.len());
        let wrong: Vec<String> = said
            .iter()
            .flat_map(|text| slips(text, "", lang).into_iter().map(move |slip| format!("{}: {text}", slip.variant)))
            .collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
