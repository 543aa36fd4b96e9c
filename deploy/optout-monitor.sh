#!/bin/sh
# /usr/local/bin/optout-monitor: commands as the unit runs them, by its user and with its settings; to be called by root.
# What is set in the environment wins over the file: OPTOUT_DATA=/srv/other optout-monitor restore monitor.tar.gz
given=$(export -p | grep '^export OPTOUT_')
set -a
. /etc/optout-monitor.env
eval "$given"
exec runuser -u optout -- /opt/optout-monitor/bin/optout-monitor "$@"
