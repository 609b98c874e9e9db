# Installs what packaging/dist.py built, lets it test itself, removes it, and looks at what is left.
# It uses the account that runs it: an installed Sightline is replaced and then removed.
$ErrorActionPreference = "Stop"

$app = "$env:LOCALAPPDATA\Programs\Sightline"
$mine = "$env:LOCALAPPDATA\sightline\keep.txt"
$classes = "HKCU:\Software\Classes"
$silent = "/VERYSILENT", "/SUPPRESSMSGBOXES", "/NORESTART"

function Invoke-Program($program, $words) {
    $ended = Start-Process -Wait -PassThru -FilePath $program -ArgumentList $words
    if ($ended.ExitCode -ne 0) { throw "$program ended with $($ended.ExitCode)." }
}

$setup = Get-Item "$PSScriptRoot\..\..\dist\sightline-*-windows-x64-setup.exe"
if (@($setup).Count -ne 1) { throw "Not one installer, but $(@($setup).Count), in dist." }
New-Item -ItemType Directory -Force (Split-Path $mine) | Out-Null
Set-Content $mine "the user's own"

Invoke-Program $setup.FullName ($silent + "/CURRENTUSER")
foreach ($key in "Sightline.Picture\shell\open\command", "Directory\shell\Sightline\command") {
    if (-not (Test-Path "$classes\$key")) { throw "The installer did not write $key." }
}
& "$app\sightline.exe" doctor --self-test
if ($LASTEXITCODE -ne 0) { throw "The self-test ended with $LASTEXITCODE." }
# The other program has no terminal to print to: its exit status tells.
Invoke-Program "$app\sightlinew.exe" ("doctor", "--self-test")

Invoke-Program "$app\unins000.exe" $silent
# The uninstaller hands over to a copy of itself, which removes the original last.
for ($second = 0; (Test-Path $app) -and $second -lt 60; $second++) { Start-Sleep 1 }
foreach ($left in $app, "$classes\Sightline.Picture", "$classes\Directory\shell\Sightline") {
    if (Test-Path $left) { throw "The uninstaller left $left." }
}
if (-not (Test-Path $mine)) { throw "The uninstaller removed the user's own files." }
Remove-Item $mine
