// The page's own sentences, French first; the phone speaks its owner's language, the page the visitor's.

const WORDS = {
  fr: {
    simulator: "Simulateur", people: "Personnes", tryFirst: "À essayer d’abord", dismiss: "Masquer",
    showTips: "À essayer d’abord", noPeople: "Personne pour l’instant. Le bot démarre…",
    pickPerson: "Choisissez une personne", pickHint: "Vous parlerez au bot à sa place, comme sur son téléphone.",
    openBeside: "Ouvrir à côté", openBesideOf: "Ouvrir {name} à côté", close: "Fermer", back: "Retour",
    theme: "Thème clair ou sombre", language: "English", unread: "{n} non lus", unreadOne: "1 non lu",
    secondPhone: "Un second téléphone", secondHint: "Deux personnes côte à côte : voyez l’alerte du commercial arriver chez son chef.",
    bot: "bot", typing: "écrit…", connecting: "Connexion…", offline: "Connexion perdue, nouvel essai…",
    today: "Aujourd’hui", yesterday: "Hier", edited: "modifié", newMessages: "Nouveaux messages",
    message: "Message", send: "Envoyer", attach: "Joindre", photo: "Photo", document: "Document",
    menu: "Menu", commands: "Commandes", noCommand: "Aucune commande de ce nom", start: "Démarrer",
    openInvitation: "Ouvrir l’invitation", emptyTitle: "Aucun message", emptyHint: "Touchez Démarrer pour parler à {bot}.",
    newest: "Aller au plus récent", conversation: "Conversation avec {bot}, vue par {name}",
    reply: "Répondre", copy: "Copier le texte", edit: "Modifier", actions: "Actions du message", editing: "Modification",
    cancel: "Annuler", copied: "Copié", copyFailed: "Copie refusée par le navigateur", failed: "Non envoyé : {error}",
    block: "Bloquer le bot", unblock: "Débloquer le bot", blocked: "Vous avez bloqué ce bot.", more: "Plus d’actions",
    download: "Télécharger {name}", open: "Ouvrir", play: "Écouter", pause: "Pause", position: "Position",
    voice: "Message vocal", contact: "Contact", spoiler: "Texte masqué : toucher pour lire", enlarge: "Agrandir la photo",
    drop: "Déposez le fichier ici", caption: "Légende…", sendPhoto: "Envoyer la photo", sendDocument: "Envoyer le document",
    sendVoice: "Envoyer le message vocal", asVoice: "Comme vocal",
    asPhoto: "Comme photo", asDocument: "Comme fichier", protected: "Contenu protégé", silent: "Sans son",
    earlier: "Messages précédents", deleted: "Message supprimé", ok: "OK", you: "Vous", file: "Fichier",
    bytes: "{n} o", kilobytes: "{n} Ko", megabytes: "{n} Mo", unknownPerson: "Cette personne n’existe pas (encore).",
    switchPerson: "Changer de personne", external: "Ouvrir le lien", loadFailed: "Chargement impossible : {error}",
    newFrom: "{n} nouveaux", newOne: "1 nouveau",
  },
  en: {
    simulator: "Simulator", people: "People", tryFirst: "Try this first", dismiss: "Dismiss",
    showTips: "Try this first", noPeople: "Nobody yet. The bot is starting…",
    pickPerson: "Choose a person", pickHint: "You will talk to the bot as them, as on their phone.",
    openBeside: "Open beside", openBesideOf: "Open {name} beside", close: "Close", back: "Back",
    theme: "Light or dark theme", language: "Français", unread: "{n} unread", unreadOne: "1 unread",
    secondPhone: "A second phone", secondHint: "Two people side by side: watch the rep’s alert reach his manager.",
    bot: "bot", typing: "typing…", connecting: "Connecting…", offline: "Connection lost, trying again…",
    today: "Today", yesterday: "Yesterday", edited: "edited", newMessages: "New messages",
    message: "Message", send: "Send", attach: "Attach", photo: "Photo", document: "Document",
    menu: "Menu", commands: "Commands", noCommand: "No command of that name", start: "Start",
    openInvitation: "Open the invitation", emptyTitle: "No messages yet", emptyHint: "Tap Start to talk to {bot}.",
    newest: "Jump to newest", conversation: "Conversation with {bot}, seen by {name}",
    reply: "Reply", copy: "Copy text", edit: "Edit", actions: "Message actions", editing: "Editing",
    cancel: "Cancel", copied: "Copied", copyFailed: "The browser refused to copy", failed: "Not sent: {error}",
    block: "Block the bot", unblock: "Unblock the bot", blocked: "You blocked this bot.", more: "More actions",
    download: "Download {name}", open: "Open", play: "Play", pause: "Pause", position: "Position",
    voice: "Voice message", contact: "Contact", spoiler: "Hidden text: tap to read", enlarge: "Enlarge the photo",
    drop: "Drop the file here", caption: "Caption…", sendPhoto: "Send the photo", sendDocument: "Send the document",
    sendVoice: "Send the voice message", asVoice: "As a voice message",
    asPhoto: "As a photo", asDocument: "As a file", protected: "Protected content", silent: "Silent",
    earlier: "Earlier messages", deleted: "Deleted message", ok: "OK", you: "You", file: "File",
    bytes: "{n} B", kilobytes: "{n} KB", megabytes: "{n} MB", unknownPerson: "This person does not exist (yet).",
    switchPerson: "Change person", external: "Open the link", loadFailed: "Could not load: {error}",
    newFrom: "{n} new", newOne: "1 new",
  },
};

/** Speak a sentence in a language, with its values filled in. */
export function say(lang, key, values = {}) {
  const sentence = (WORDS[lang] ?? WORDS.fr)[key] ?? key;
  return sentence.replace(/\{(\w+)\}/gu, (hole, name) => (name in values ? String(values[name]) : hole));
}

export const pageLanguage = () => (document.documentElement.lang === "en" ? "en" : "fr");
export const languageOf = (person) => (String(person.language_code ?? "").startsWith("en") ? "en" : "fr");
export const missingWords = () =>
  Object.keys(WORDS.fr).concat(Object.keys(WORDS.en)).filter((key) => !(key in WORDS.fr && key in WORDS.en));
