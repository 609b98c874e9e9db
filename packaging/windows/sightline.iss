; The installer for Windows, for Inno Setup 6.3 or newer. packaging/dist.py calls its compiler and defines
; AppVersion, AppNumbers, Frozen, Icon, Licence, OutputName and OutputFolder (frozen/windows.py).

#ifndef AppVersion
  #error "Build with: python packaging/dist.py"
#endif

[Setup]
AppId={{B655079D-28EA-4787-983D-D5CDED4BCBBE}
AppName=Sightline
AppVersion={#AppVersion}
AppVerName=Sightline {#AppVersion}
AppPublisher=The Sightline authors
VersionInfoVersion={#AppNumbers}
VersionInfoProductTextVersion={#AppVersion}
; For the one who installs, without an administrator: below AppData\Local\Programs. "setup.exe /ALLUSERS"
; installs for everyone, below Program Files.
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=commandline
DefaultDirName={autopf}\Sightline
DisableProgramGroupPage=yes
DisableReadyPage=yes
; Not x64compatible: TensorFlow needs AVX, which Windows on Arm need not emulate.
ArchitecturesAllowed=x64os
ArchitecturesInstallIn64BitMode=x64os
; Windows 10 of autumn 2018, the oldest one that Qt runs on.
MinVersion=10.0.17763
; The dictionary covers both programs, most of which is the same.
Compression=lzma2/max
LZMADictionarySize=131072
LZMAUseSeparateProcess=yes
SolidCompression=yes
WizardStyle=modern
SetupIconFile={#Icon}
UninstallDisplayIcon={app}\sightlinew.exe
UninstallDisplayName=Sightline
OutputDir={#OutputFolder}
OutputBaseFilename={#OutputName}
; An upgrade asks to close a running Sightline instead of failing on its files.
CloseApplications=yes
RestartApplications=no
ChangesAssociations=yes
; Files with the flag "sign", the installer and the uninstaller, where the caller brings the tool "sightline".
#ifdef Sign
SignTool=sightline
SignedUninstaller=yes
#endif

[Languages]
Name: "english"; MessagesFile: "compiler:Default.isl"

[Tasks]
Name: "pictures"; Description: "Offer Sightline under ""Open with"" for pictures"
Name: "folders"; Description: "Offer ""Open with Sightline"" for folders"
Name: "desktop"; Description: "Put a shortcut on the desktop"; Flags: unchecked

[InstallDelete]
; What an older version brought must not mix with the new.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
; One after the other, so that the second costs next to nothing.
Source: "{#Frozen}\sightline.exe"; DestDir: "{app}"; Flags: ignoreversion sign
Source: "{#Frozen}\sightlinew.exe"; DestDir: "{app}"; Flags: ignoreversion sign
Source: "{#Frozen}\_internal\*"; DestDir: "{app}\_internal"; Flags: ignoreversion recursesubdirs createallsubdirs
Source: "{#Licence}"; DestDir: "{app}"; DestName: "LICENSE.txt"; Flags: ignoreversion

; There is no [UninstallDelete]: settings, models and runs, below AppData\Local\sightline, stay the user's.

[Icons]
Name: "{autoprograms}\Sightline"; Filename: "{app}\sightlinew.exe"; WorkingDir: "{autodocs}"; Comment: "Drop a picture, read what it is"
Name: "{autodesktop}\Sightline"; Filename: "{app}\sightlinew.exe"; WorkingDir: "{autodocs}"; Comment: "Drop a picture, read what it is"; Tasks: desktop

[Registry]
; HKA is the user's part of the registry, or the computer's with /ALLUSERS. All of it goes again, the last line
; first: keys that would not have been there without us go once nothing is left in them.
; Pictures: a kind of file of our own, which each ending offers besides what opens it now.
Root: HKA; Subkey: "Software\Classes\Sightline.Picture"; ValueType: string; ValueData: "Picture"; Flags: uninsdeletekey; Tasks: pictures
Root: HKA; Subkey: "Software\Classes\Sightline.Picture\shell\open"; ValueType: string; ValueName: "FriendlyAppName"; ValueData: "Sightline"; Tasks: pictures
Root: HKA; Subkey: "Software\Classes\Sightline.Picture\shell\open\command"; ValueType: string; ValueData: """{app}\sightlinew.exe"" ""%1"""; Tasks: pictures
Root: HKA; Subkey: "Software\Classes\.jpg"; ValueType: none; Flags: uninsdeletekeyifempty; Tasks: pictures
Root: HKA; Subkey: "Software\Classes\.jpg\OpenWithProgids"; ValueType: string; ValueName: "Sightline.Picture"; ValueData: ""; Flags: uninsdeletevalue uninsdeletekeyifempty; Tasks: pictures
Root: HKA; Subkey: "Software\Classes\.jpeg"; ValueType: none; Flags: uninsdeletekeyifempty; Tasks: pictures
Root: HKA; Subkey: "Software\Classes\.jpeg\OpenWithProgids"; ValueType: string; ValueName: "Sightline.Picture"; ValueData: ""; Flags: uninsdeletevalue uninsdeletekeyifempty; Tasks: pictures
Root: HKA; Subkey: "Software\Classes\.png"; ValueType: none; Flags: uninsdeletekeyifempty; Tasks: pictures
Root: HKA; Subkey: "Software\Classes\.png\OpenWithProgids"; ValueType: string; ValueName: "Sightline.Picture"; ValueData: ""; Flags: uninsdeletevalue uninsdeletekeyifempty; Tasks: pictures
Root: HKA; Subkey: "Software\Classes\.webp"; ValueType: none; Flags: uninsdeletekeyifempty; Tasks: pictures
Root: HKA; Subkey: "Software\Classes\.webp\OpenWithProgids"; ValueType: string; ValueName: "Sightline.Picture"; ValueData: ""; Flags: uninsdeletevalue uninsdeletekeyifempty; Tasks: pictures
Root: HKA; Subkey: "Software\Classes\.gif"; ValueType: none; Flags: uninsdeletekeyifempty; Tasks: pictures
Root: HKA; Subkey: "Software\Classes\.gif\OpenWithProgids"; ValueType: string; ValueName: "Sightline.Picture"; ValueData: ""; Flags: uninsdeletevalue uninsdeletekeyifempty; Tasks: pictures
Root: HKA; Subkey: "Software\Classes\.bmp"; ValueType: none; Flags: uninsdeletekeyifempty; Tasks: pictures
Root: HKA; Subkey: "Software\Classes\.bmp\OpenWithProgids"; ValueType: string; ValueName: "Sightline.Picture"; ValueData: ""; Flags: uninsdeletevalue uninsdeletekeyifempty; Tasks: pictures
Root: HKA; Subkey: "Software\Classes\.tif"; ValueType: none; Flags: uninsdeletekeyifempty; Tasks: pictures
Root: HKA; Subkey: "Software\Classes\.tif\OpenWithProgids"; ValueType: string; ValueName: "Sightline.Picture"; ValueData: ""; Flags: uninsdeletevalue uninsdeletekeyifempty; Tasks: pictures
Root: HKA; Subkey: "Software\Classes\.tiff"; ValueType: none; Flags: uninsdeletekeyifempty; Tasks: pictures
Root: HKA; Subkey: "Software\Classes\.tiff\OpenWithProgids"; ValueType: string; ValueName: "Sightline.Picture"; ValueData: ""; Flags: uninsdeletevalue uninsdeletekeyifempty; Tasks: pictures
Root: HKA; Subkey: "Software\Classes\.avif"; ValueType: none; Flags: uninsdeletekeyifempty; Tasks: pictures
Root: HKA; Subkey: "Software\Classes\.avif\OpenWithProgids"; ValueType: string; ValueName: "Sightline.Picture"; ValueData: ""; Flags: uninsdeletevalue uninsdeletekeyifempty; Tasks: pictures
Root: HKA; Subkey: "Software\Classes\.heic"; ValueType: none; Flags: uninsdeletekeyifempty; Tasks: pictures
Root: HKA; Subkey: "Software\Classes\.heic\OpenWithProgids"; ValueType: string; ValueName: "Sightline.Picture"; ValueData: ""; Flags: uninsdeletevalue uninsdeletekeyifempty; Tasks: pictures
Root: HKA; Subkey: "Software\Classes\.heif"; ValueType: none; Flags: uninsdeletekeyifempty; Tasks: pictures
Root: HKA; Subkey: "Software\Classes\.heif\OpenWithProgids"; ValueType: string; ValueName: "Sightline.Picture"; ValueData: ""; Flags: uninsdeletevalue uninsdeletekeyifempty; Tasks: pictures
; Folders: a line of their menu (Windows 11: under "Show more options").
Root: HKA; Subkey: "Software\Classes\Directory"; ValueType: none; Flags: uninsdeletekeyifempty; Tasks: folders
Root: HKA; Subkey: "Software\Classes\Directory\shell"; ValueType: none; Flags: uninsdeletekeyifempty; Tasks: folders
Root: HKA; Subkey: "Software\Classes\Directory\shell\Sightline"; ValueType: string; ValueData: "Open with Sightline"; Flags: uninsdeletekey; Tasks: folders
Root: HKA; Subkey: "Software\Classes\Directory\shell\Sightline"; ValueType: string; ValueName: "Icon"; ValueData: """{app}\sightlinew.exe"""; Tasks: folders
Root: HKA; Subkey: "Software\Classes\Directory\shell\Sightline\command"; ValueType: string; ValueData: """{app}\sightlinew.exe"" ""%1"""; Tasks: folders

[Run]
Filename: "{app}\sightlinew.exe"; Description: "Open Sightline"; Flags: nowait postinstall skipifsilent
