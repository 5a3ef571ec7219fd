# bash completion for bitscape: options and project files

_bitscape()
{
    local current=${COMP_WORDS[COMP_CWORD]}
    COMPREPLY=()
    compopt -o filenames
    if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "--help --version" -- "$current")
    else
        mapfile -t COMPREPLY < <(compgen -d -- "$current"; compgen -f -X '!*.bitscape' -- "$current")
    fi
}

complete -F _bitscape bitscape
