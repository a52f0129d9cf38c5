export const en = {
  title: "This version",
  about: "What runs on this computer, and whether there is something newer.",
  runs: "ChatAI {version}",
  newest: "This is the newest version",
  never: "It was not looked for a newer version yet",
  checked: "Last looked {ago}",
  check: "Look now",
  checking: "Asking {host}",
  alone:
    "This build does not look for newer versions, because nobody was named who publishes them. Get a newer one where you got this one; your data stay as they are.",
  daily: "Look for newer versions once a day",
  dailyHelp: "{host} is asked, and learns nothing but that somebody asks. Nothing is installed by itself.",
  offline:
    "Only this computer may be spoken to, so nobody is asked. Get a newer version where you got this one.",
  "found.title": "Version {version}",
  "found.about": "Published on {day} and signed by its publisher.",
  "found.noPackage":
    "There is no package for this copy of the program. Get the newer version the way you got this one; your data stay as they are.",
  downloadSize: "Download {size}",
  again: "Go on downloading",
  progress: "{there} of {all}",
  coming: "Downloading version {version}",
  downloaded: "It is here, and is what was published.",
  install: "Make a backup and install",
  prepare: "Make a backup and show how",
  installing: "A backup is made first; then this computer asks for your password and installs it.",
  what: "What happens when you install",
  "step.backup": "A backup of everything is made and verified. If that fails, nothing else happens.",
  "step.asks": "This computer asks for your password and installs the package.",
  "step.opens": "This computer opens its own program for packages; go on there.",
  "step.shown": "You are shown a command, to be run in a terminal on the computer where ChatAI runs.",
  "step.start":
    "The new version runs from the next start on. Documents, conversations and settings stay as they are.",
  "step.back": "If you do not like it: the older version reads the backup.",
  prepared: "The backup is made. Run this in a terminal on the computer where ChatAI runs:",
  copy: "Copy",
  copied: "Copied",
  opened: "This computer's program for packages is open: go on there. Then quit ChatAI and start it again.",
  openAgain: "Open it again",
  installed:
    "It is installed. Quit ChatAI (in the tray: Quit) and start it again: then version {version} runs.",
  "trouble.offline": "Only this computer may be spoken to, so nobody was asked.",
  "trouble.not_encrypted":
    "The publisher's address is not encrypted, so nothing was fetched from it. Tell whoever gave you this program.",
  "trouble.unreachable": "{host} cannot be reached. Look at this computer's connection, then try again.",
  "trouble.refused": "{host} answered with an error. Try again later.",
  "trouble.cut_off": "The connection broke. What came is kept: try again, and it goes on from there.",
  "trouble.too_large": "More came than was announced, so it was thrown away. Try again later.",
  "trouble.unsigned":
    "What {host} offers is not signed, so it was thrown away. Nothing here has changed. Try again later.",
  "trouble.bad_signature":
    "The signature is not the publisher's: somebody may have changed it on the way. It was thrown away, and nothing here has changed. Try again from another network.",
  "trouble.unreadable":
    "This version does not understand what {host} offers. Get a newer one where you got this one.",
  "trouble.older":
    "{host} offers an older version than was seen before, so it was thrown away. Nothing here has changed. Try again later.",
  "trouble.wrong_content": "What came is not what was published, so it was thrown away. Download it again.",
  "trouble.wrong_package":
    "The package is not the version that was announced, so it was thrown away. Try again later.",
  "trouble.full": "The disk is full. Make room, then try again.",
  "trouble.disk": "The data folder cannot be written. Look whether the disk is well, then try again.",
  "trouble.no_backup":
    "The backup could not be made, so nothing was installed. Make room on the disk, then try again.",
  "trouble.not_permitted": "This computer was not permitted to install it. Nothing has changed; try again.",
  "trouble.not_installed":
    "This computer's installer failed. Your data are unchanged and a backup is there. Try again; if it fails again, download the package and open it yourself.",
} as const;
